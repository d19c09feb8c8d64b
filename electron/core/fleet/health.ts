import type { Thresholds } from '#shared/contract/cluster.ts';
import type { HealthReason, HealthState, HostHealth } from '#shared/contract/host.ts';
import type { RecordOf } from '#shared/contract/records.ts';
import { isConnected } from '#shared/lib/is-connected.ts';
import type { Finding } from './finding.ts';
import { memberFindings, type MemberSight } from './member-findings.ts';

/** When each condition was first seen true; carried from one assessment to the next. */
export type HealthMemory = ReadonlyMap<string, number>;

const severity: Record<HealthState, number> = {
  'down-on-purpose': 6,
  unreachable: 5,
  failing: 4,
  attention: 3,
  updating: 2,
  unknown: 1,
  healthy: 0,
};

/**
 * A host's health from what is known of it: the worst of its reasons, each with since when it holds. Figures count
 * only after `holdSeconds` over their threshold. While the link is away only that is said: old figures prove nothing.
 */
export function assessHealth(
  host: RecordOf<'host'>,
  members: readonly MemberSight[],
  thresholds: Thresholds,
  memory: HealthMemory,
  now: number,
): { health: Omit<HostHealth, 'since'>; memory: HealthMemory } {
  const findings = [...linkFindings(host), ...(isConnected(host.link) ? bodyFindings(host, members, thresholds) : [])];
  const next = new Map<string, number>();
  const reasons: HealthReason[] = [];
  for (const { hold, since, ...finding } of findings) {
    const key = `${finding.code} ${finding.subject} ${finding.state}`;
    const first = since ?? memory.get(key) ?? now;
    next.set(key, first);
    if (hold && now - first < thresholds.holdSeconds * 1000) continue;
    reasons.push({ ...finding, since: first });
  }
  const maintenance = host.maintenance;
  if (maintenance && maintenance.until > now) {
    reasons.unshift({
      code: 'on-purpose',
      state: 'down-on-purpose',
      text: `Down on purpose: ${maintenance.reason} (${maintenance.by})`,
      subject: '',
      since: maintenance.since,
    });
  }
  reasons.sort((a, b) => severity[b.state] - severity[a.state] || a.since - b.since);
  const state = reasons[0]?.state ?? (isConnected(host.link) ? 'healthy' : 'unknown');
  return { health: { state, reasons }, memory: next };
}

function linkFindings({ link }: RecordOf<'host'>): Finding[] {
  if (!link) return [];
  const at = { subject: 'link', since: link.since };
  const text = link.reason;
  switch (link.state) {
    case 'up':
      return link.units === 'systemctl'
        ? [
            {
              code: 'units-polled',
              state: 'healthy',
              text: `Units are polled, not pushed: ${link.unitsReason}`,
              subject: 'units',
            },
          ]
        : [];
    case 'degraded':
      return [{ code: 'silence', state: 'attention', text, ...at }];
    case 'lost':
    case 'backing-off':
      return [{ code: 'silence', state: 'unreachable', text, subject: 'link', since: link.heardAt ?? link.since }];
    case 'blocked':
      return [{ code: 'link', state: 'failing', text, ...at }];
    case 'needs-authentication':
    case 'disabled':
      return [{ code: 'link', state: 'unknown', text, ...at }];
    case 'idle':
    case 'connecting':
      // A host that was heard before is still away while it is being reached again; only a new one is merely unknown.
      return link.heardAt === null
        ? []
        : [{ code: 'silence', state: 'unreachable', text, subject: 'link', since: link.heardAt }];
    default:
      return link.state satisfies never;
  }
}

function bodyFindings(host: RecordOf<'host'>, members: readonly MemberSight[], limit: Thresholds): Finding[] {
  return [
    ...unitFindings(host),
    ...loadFindings(host, limit),
    ...diskFindings(host, limit),
    ...factFindings(host),
    ...updateFindings(host),
    ...members.flatMap(memberFindings),
  ];
}

function unitFindings({ units }: RecordOf<'host'>): Finding[] {
  if (!units) return [];
  return [
    ...units.failed.map(
      ({ name, sub, since }): Finding => ({
        code: 'unit-failed',
        state: 'failing',
        text: sub === 'failed' ? `${name} is failed` : `${name} is failed (${sub})`,
        subject: name,
        ...(since !== null && { since }),
      }),
    ),
    // Units that others merely mention are commonly absent; only real load errors count.
    ...units.loadErrors
      .filter(({ load }) => load === 'error' || load === 'bad-setting')
      .map(
        ({ name, load }): Finding => ({
          code: 'unit-load-error',
          state: 'attention',
          text: `${name} cannot be loaded (${load})`,
          subject: name,
        }),
      ),
  ];
}

function loadFindings({ load }: RecordOf<'host'>, limit: Thresholds): Finding[] {
  if (!load) return [];
  const out: Finding[] = [];
  const cpu = load.cpu * 100;
  if (cpu >= limit.cpuAttentionPercent)
    out.push({ code: 'cpu', state: 'attention', text: `CPU ${cpu.toFixed(0)} % busy`, subject: 'cpu', hold: true });
  const memory = load.memoryTotalBytes > 0 ? (load.memoryUsedBytes / load.memoryTotalBytes) * 100 : 0;
  if (memory >= limit.memoryFailingPercent)
    out.push({
      code: 'memory',
      state: 'failing',
      text: `Memory ${memory.toFixed(0)} % used`,
      subject: 'memory',
      hold: true,
    });
  else if (memory >= limit.memoryAttentionPercent)
    out.push({
      code: 'memory',
      state: 'attention',
      text: `Memory ${memory.toFixed(0)} % used`,
      subject: 'memory',
      hold: true,
    });
  if (load.pressure) {
    for (const [subject, value] of [
      ['cpu', load.pressure.cpu],
      ['memory', load.pressure.memory],
      ['io', load.pressure.io],
    ] as const) {
      if (value >= limit.pressureAttentionPercent)
        out.push({
          code: 'pressure',
          state: 'attention',
          text: `Tasks stalled on ${subject} ${value.toFixed(0)} % of the time`,
          subject,
          hold: true,
        });
    }
  }
  if (load.clockOffsetMs !== null && Math.abs(load.clockOffsetMs) >= limit.clockAttentionMs) {
    const way = load.clockOffsetMs > 0 ? 'behind' : 'ahead of';
    out.push({
      code: 'clock',
      state: 'attention',
      text: `Clock ${(Math.abs(load.clockOffsetMs) / 1000).toFixed(1)} s ${way} this console's`,
      subject: 'clock',
      hold: true,
    });
  }
  return out;
}

function diskFindings({ disks }: RecordOf<'host'>, limit: Thresholds): Finding[] {
  const out: Finding[] = [];
  for (const disk of disks?.mounts ?? []) {
    if (disk.readOnlyFault !== null)
      out.push({
        code: 'disk-read-only',
        state: 'failing',
        text: `${disk.mount} is read-only: ${disk.readOnlyFault}`,
        subject: disk.mount,
      });
    const usable = disk.usedBytes + disk.freeBytes;
    const used = usable > 0 && !disk.readOnly ? (disk.usedBytes / usable) * 100 : 0;
    const text = `${disk.mount} is ${used.toFixed(0)} % full`;
    if (used >= limit.diskFailingPercent) out.push({ code: 'disk', state: 'failing', text, subject: disk.mount });
    else if (used >= limit.diskAttentionPercent)
      out.push({ code: 'disk', state: 'attention', text, subject: disk.mount });
    const inodes = disk.inodesTotal > 0 && !disk.readOnly ? (1 - disk.inodesFree / disk.inodesTotal) * 100 : 0;
    if (inodes >= limit.inodesAttentionPercent)
      out.push({
        code: 'inodes',
        state: 'attention',
        text: `${disk.mount} has ${inodes.toFixed(0)} % of its inodes used`,
        subject: disk.mount,
      });
  }
  return out;
}

function factFindings({ facts }: RecordOf<'host'>): Finding[] {
  return (facts?.rebootNeeded ?? []).map(({ marker, evidence }) => ({
    code: 'reboot-needed',
    state: 'attention',
    text: `A reboot is needed: ${evidence}`,
    subject: marker,
  }));
}

function updateFindings({ update }: RecordOf<'host'>): Finding[] {
  if (update?.phase !== 'downloading' && update?.phase !== 'finalizing') return [];
  const what = update.offered ?? 'an update';
  const text = update.phase === 'downloading' ? `Downloads ${what}` : `Puts ${what} in place`;
  return [{ code: 'updating', state: 'updating', text, subject: update.agent }];
}
