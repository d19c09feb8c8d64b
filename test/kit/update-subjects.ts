import type { HostLink } from '#shared/contract/host.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { UpdateSubject } from '#shared/lib/update/condition.ts';

/** When hosts of these tests are asked about. */
export const now = Date.parse('2026-08-05T12:00:00Z');
export const hour = 3_600_000;

/** A machine whose update_engine has nothing to do. */
export const engine: HostUpdate = {
  readAt: now - 10_000,
  agent: 'update-engine',
  agentState: 'running',
  how: 'bus',
  phase: 'idle',
  phaseText: 'Nothing to do.',
  progress: null,
  running: '4152.2.0',
  offered: null,
  channel: 'stable',
  channelSource: '/etc/flatcar/update.conf',
  server: null,
  lastCheckAt: now - hour,
  rebootNeeded: false,
  heldBy: [],
  strategy: { name: 'etcd-lock', text: 'Reboots by itself once it holds the reboot lock in etcd.', source: '' },
  windows: [],
  slots: [],
  pending: null,
  facts: [],
  problem: null,
};
/** The same with an update that waits for its reboot under the lock. */
export const staged: HostUpdate = {
  ...engine,
  phase: 'staged',
  offered: '4152.2.1',
  rebootNeeded: true,
  heldBy: [{ by: 'lock', text: 'Reboots only while it holds the reboot lock in etcd.' }],
};
/** A connection that is up. */
export const link: HostLink = {
  state: 'up',
  reason: '',
  since: now,
  heardAt: now,
  retryAt: null,
  attempts: 0,
  problem: null,
  sampler: 'awk',
  units: 'dbus',
  unitsReason: '',
  missed: null,
  connection: null,
};
/** Another host that holds a slot. */
export const holder = { id: 'abc', host: 'node2', since: now - 10 * 60_000, gone: false, evidence: '' };
/** locksmith's lock with these holders. */
export const locksOf = (holders: (typeof holder)[], max = 1) => ({
  places: [{ kind: 'locksmith' as const, state: 'live' as const, readAt: now, problem: null }],
  locks: [{ kind: 'locksmith' as const, group: '', key: 'k', max, holders, waiting: [], revision: 1, problem: null }],
});
/** node1 with this update, asked now. */
export const subjectOf = (update: HostUpdate, more: Partial<UpdateSubject> = {}): UpdateSubject => ({
  name: 'node1',
  host: { link, update },
  now,
  ...more,
});
