import type { RecordOf } from '#shared/contract/records.ts';
import { type HostUpdate, updatePhases } from '#shared/contract/update.ts';
import { conditionNames } from '#shared/lib/update/condition.ts';
import { unitsToRestart } from '#shared/lib/restart/restart-way.ts';
import { heldBy } from '#shared/lib/update/why-not.ts';
import { healthBySeverity } from '../words/states.ts';
import { heardAt } from './heard.ts';

/** What a column sorts by; null is unknown and always comes last. */
export type SortValue = string | number | null;

/** A column of the fleet table, without how it is drawn. */
export interface FleetColumn {
  readonly id: string;
  readonly title: string;
  /** Width in CSS pixels that it starts with. */
  readonly width: number;
  readonly align: 'start' | 'end';
  /** One line for the column chooser. */
  readonly about: string;
  /** True where large values are of interest first, so that the first click sorts downwards. */
  readonly largestFirst: boolean;
  readonly sortValue: (host: RecordOf<'host'>, name: string) => SortValue;
}

function column(
  id: string,
  title: string,
  width: number,
  about: string,
  sortValue: FleetColumn['sortValue'],
  more: Partial<FleetColumn> = {},
): FleetColumn {
  return { id, title, width, about, sortValue, align: 'start', largestFirst: false, ...more };
}

const figures = { align: 'end', largestFirst: true } as const;

/** The part of a host's fullest writable file system, 0..1, or null before disks are read. */
export function fullestDisk(host: RecordOf<'host'>): { mount: string; part: number } | null {
  let fullest: { mount: string; part: number } | null = null;
  for (const disk of host.disks?.mounts ?? []) {
    const usable = disk.usedBytes + disk.freeBytes;
    if (usable <= 0 || disk.readOnly) continue;
    const part = disk.usedBytes / usable;
    if (!fullest || part > fullest.part) fullest = { mount: disk.mount, part };
  }
  return fullest;
}

/** The part of memory in use, 0..1, or null before the first sample. */
export function memoryPart(host: RecordOf<'host'>): number | null {
  const { load } = host;
  return load && load.memoryTotalBytes > 0 ? load.memoryUsedBytes / load.memoryTotalBytes : null;
}

/** Every column there is, in the order the chooser lists them. */
export const fleetColumns: readonly FleetColumn[] = [
  column('name', 'Host', 130, 'Name in the cluster file', (_, name) => name),
  column('state', 'State', 240, 'Health, why, and since when', (host) => {
    const state = host.health?.state ?? 'unknown';
    return healthBySeverity.indexOf(state);
  }),
  column('labels', 'Labels', 150, 'Labels of the cluster file', (host) => labelsText(host)),
  column('os', 'OS', 122, 'Operating system and version', (host) => host.facts?.os.pretty ?? null),
  column('channel', 'Channel', 64, 'Update channel', (host) => channelOf(host)),
  column('update', 'Update', 112, 'How far an update is', (host) =>
    host.update ? updatePhases.indexOf(host.update.phase) : null,
  ),
  column('offered', 'Offered', 130, 'Version that an update brings, or packages that wait', (host) =>
    offeredText(host.update ?? null),
  ),
  column('heldby', 'Held by', 96, 'What keeps it from being updated, as far as the host itself tells', (host, name) => {
    const held = host.update ? heldBy({ name, host, now: Date.now() }) : null;
    return held ? conditionNames.indexOf(held.name) : null;
  }),
  column('restart', 'Restart', 76, 'Units that still run files which were replaced', (host) =>
    host.restarts ? unitsToRestart(host.restarts).length : null,
  ),
  column('cpu', 'CPU', 96, 'Busy CPU, last ten minutes', (host) => host.load?.cpu ?? null, figures),
  column('memory', 'Memory', 96, 'Used memory, last ten minutes', (host) => memoryPart(host), figures),
  column(
    'disk',
    'Disk',
    96,
    'Fullest file system, last ten minutes',
    (host) => fullestDisk(host)?.part ?? null,
    figures,
  ),
  column('failed', 'Failed', 54, 'Failed units', (host) => host.units?.failed.length ?? null, figures),
  column('uptime', 'Uptime', 60, 'Time since boot', (host) => host.load?.uptimeS ?? null, figures),
  column('seen', 'Seen', 60, 'When the host last said anything', (host) => heardAt(host), figures),
  column('link', 'Connection', 130, 'State of the SSH connection', (host) => host.link?.state ?? null),
  column('address', 'Address', 150, 'Address and port', (host) => host.identity?.address ?? null),
  column('load', 'Load', 62, 'Load average, one minute', (host) => host.load?.load1 ?? null, figures),
  column('pressure', 'Pressure', 74, 'Worst of CPU, memory and I/O pressure', (host) => worstPressure(host), figures),
  column('latency', 'Latency', 72, 'Round trip over the connection', (host) => host.load?.latencyMs ?? null, figures),
  column('kernel', 'Kernel', 130, 'Kernel release', (host) => host.facts?.kernel ?? null),
  column('systemd', 'systemd', 70, 'Version of systemd', (host) => host.facts?.systemd ?? null),
  column('architecture', 'Arch', 70, 'Machine architecture', (host) => host.facts?.architecture ?? null),
  column(
    'virtualization',
    'Runs on',
    84,
    'Virtualization, or bare metal',
    (host) => host.facts?.virtualization ?? null,
  ),
  column('units', 'Units', 58, 'Loaded units', (host) => host.units?.total ?? null, figures),
];

/** The columns shown until a person chooses others. */
export const firstColumns: readonly string[] = [
  'name',
  'state',
  'labels',
  'os',
  'channel',
  'cpu',
  'memory',
  'disk',
  'failed',
  'uptime',
  'seen',
];

/** The channel that the update agent follows, else the one that the system's version is of. */
export function channelOf(host: RecordOf<'host'>): string | null {
  return host.update?.channel ?? host.facts?.channel ?? null;
}

/** The offered version, or how many packages wait; null when nothing is. */
export function offeredText(update: HostUpdate | null): string | null {
  if (!update) return null;
  if (update.offered !== null) return update.offered;
  const { pending } = update;
  if (!pending || pending.total === 0) return null;
  const security = pending.security > 0 ? `, ${pending.security} security` : '';
  return `${pending.total} package${pending.total === 1 ? '' : 's'}${security}`;
}

/** Labels as `key=value` pairs in one line. */
export function labelsText(host: RecordOf<'host'>): string {
  return Object.entries(host.identity?.labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}

/** The worst of the three pressures in per cent, or null where the kernel tells none. */
export function worstPressure(host: RecordOf<'host'>): number | null {
  const pressure = host.load?.pressure;
  return pressure ? Math.max(pressure.cpu, pressure.memory, pressure.io) : null;
}
