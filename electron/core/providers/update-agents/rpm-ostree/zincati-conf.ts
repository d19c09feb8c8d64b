import { parse } from 'smol-toml';
import { z } from 'zod';
import type { HostUpdate } from '#shared/contract/update.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { readZincatiWindows } from '#shared/lib/reboot/read-windows.ts';

const window = z.object({
  days: z.array(z.string().max(20)).max(20),
  start_time: z.string().max(10),
  length_minutes: z.number(),
});
const fragment = z.object({
  identity: z.object({ group: z.string().optional(), rollout_wariness: z.number().optional() }).optional(),
  cincinnati: z.object({ base_url: z.string().optional() }).optional(),
  updates: z
    .object({
      enabled: z.boolean().optional(),
      strategy: z.string().optional(),
      fleet_lock: z.object({ base_url: z.string().optional() }).optional(),
      periodic: z.object({ time_zone: z.string().optional(), window: z.array(window).max(100).optional() }).optional(),
    })
    .optional(),
});

/** What Zincati's configuration comes to. */
export interface ZincatiConf {
  readonly enabled: boolean;
  readonly enabledSource: string;
  readonly group: string;
  readonly server: string;
  readonly wariness: number | null;
  readonly strategy: HostUpdate['strategy'];
  /** Of its FleetLock; empty where it asks none. */
  readonly lockServer: string;
  readonly windows: HostUpdate['windows'];
  /** The windows as they can be reckoned with; `localtime` is the zone of the host. */
  readonly weekly: (hostZone: string) => Pick<HostUpdate, 'weekly'>;
  /** Fragments that could not be read as such. */
  readonly unread: readonly string[];
}

const words: Readonly<Record<string, { name: HostUpdate['strategy']['name']; text: string }>> = {
  '': { name: 'immediate', text: 'Reboots by itself as soon as an update is staged.' },
  immediate: { name: 'immediate', text: 'Reboots by itself as soon as an update is staged.' },
  fleet_lock: { name: 'fleet_lock', text: 'Reboots by itself once a FleetLock server grants it a slot.' },
  periodic: { name: 'periodic', text: 'Reboots by itself within its weekly windows.' },
};

/**
 * Merges configuration fragments as Zincati does: sorted by file name over all folders, of equal names the one in the later
 * folder; later files win key by key, windows are gathered. `lines` are `fragment=PATH` and that file's lines.
 */
export function readZincatiConf(lines: readonly string[]): ZincatiConf {
  const texts = new Map<string, { path: string; lines: string[] }>();
  let present: string[] = [];
  for (const line of lines) {
    const path = /^fragment=(\/[^\0]{1,300}\.toml)$/.exec(line)?.[1];
    if (path === undefined) present.push(line);
    else texts.set(path.slice(path.lastIndexOf('/') + 1), { path, lines: (present = []) });
  }
  let conf: ZincatiConf = {
    enabled: true,
    enabledSource: '',
    group: 'default',
    server: 'https://updates.coreos.fedoraproject.org',
    wariness: null,
    strategy: { name: 'immediate', text: words['immediate']?.text ?? '', source: '' },
    lockServer: '',
    windows: [],
    weekly: () => ({}),
    unread: [],
  };
  const byName = [...texts].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  let timeZone = 'UTC';
  const windows: string[] = [];
  const weekly: z.infer<typeof window>[] = [];
  for (const [, { path, lines: own }] of byName) {
    const read = readFragment(own.join('\n'));
    if (!read) {
      conf = { ...conf, unread: [...conf.unread, path] };
      continue;
    }
    const { identity, cincinnati, updates } = read;
    conf = {
      ...conf,
      ...(identity?.group !== undefined && { group: cleanLine(identity.group, 100) }),
      ...(identity?.rollout_wariness !== undefined && { wariness: identity.rollout_wariness }),
      ...(cincinnati?.base_url !== undefined && { server: cleanLine(cincinnati.base_url, 300) }),
      ...(updates?.enabled !== undefined && { enabled: updates.enabled, enabledSource: path }),
      ...(updates?.strategy !== undefined && { strategy: strategyOf(updates.strategy, path) }),
      ...(updates?.fleet_lock?.base_url !== undefined && { lockServer: cleanLine(updates.fleet_lock.base_url, 300) }),
    };
    if (updates?.periodic?.time_zone !== undefined) timeZone = cleanLine(updates.periodic.time_zone, 60);
    for (const each of updates?.periodic?.window ?? []) {
      const { days, start_time: start, length_minutes: minutes } = each;
      windows.push(cleanLine(`${days.join(', ')} from ${start} for ${minutes} min`, 200));
      weekly.push(each);
    }
  }
  const isPeriodic = conf.strategy.name === 'periodic';
  const strategy =
    conf.strategy.name === 'fleet_lock' && conf.lockServer !== ''
      ? { ...conf.strategy, text: `Reboots by itself once ${conf.lockServer} grants it a slot.` }
      : conf.strategy;
  return {
    ...conf,
    strategy,
    windows: isPeriodic ? windows.slice(0, 50).map((text) => ({ text, timeZone })) : [],
    weekly: (hostZone) => (isPeriodic ? weeklyWindows(weekly, timeZone, hostZone) : {}),
  };
}

/** None where one of them is not understood: what is told then is words. */
function weeklyWindows(
  read: readonly z.infer<typeof window>[],
  timeZone: string,
  hostZone: string,
): Pick<HostUpdate, 'weekly'> {
  if (read.length === 0 || read.length > 20) return {};
  try {
    const { timeZone: zone, windows } = readZincatiWindows(read, timeZone, hostZone);
    return { weekly: { timeZone: zone, windows: windows.map((each) => ({ ...each, days: [...each.days] })) } };
  } catch {
    return {};
  }
}

function strategyOf(value: string, source: string): HostUpdate['strategy'] {
  const known = Object.hasOwn(words, value) ? words[value] : undefined;
  if (known) return { ...known, source };
  return { name: 'unknown', text: `The strategy ${cleanLine(value, 60)} is not known.`, source };
}

function readFragment(text: string): z.infer<typeof fragment> | null {
  try {
    const parsed = fragment.safeParse(parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
