import { defaultReboots } from '#shared/contract/reboot.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { UpdatePolicy } from '#shared/contract/update-policy.ts';
import type { HostRecord } from '#shared/lib/filter/fields.ts';
import { makeHost } from './filter-hosts.ts';

/** A policy with nothing out of the ordinary. */
export const makePolicy = (more: Partial<UpdatePolicy> = {}): UpdatePolicy => ({
  group: 'web',
  selector: 'label:role=web',
  members: [],
  order: 10,
  target: { kind: 'channel', channel: 'stable' },
  automatic: false,
  paused: null,
  waves: [],
  spreadOver: null,
  soakS: 0,
  failureBudget: 0,
  gates: [],
  reboot: defaultReboots,
  ...more,
});

/** What update_engine says of a host that runs the old release of stable and is offered the new one. */
export const makeUpdate = (more: Partial<HostUpdate> = {}): HostUpdate => ({
  readAt: 0,
  agent: 'update-engine',
  agentState: 'running',
  how: 'bus',
  phase: 'available',
  phaseText: '',
  progress: null,
  running: '4593.2.1',
  offered: '4628.2.0',
  channel: 'stable',
  channelSource: '/etc/flatcar/update.conf',
  server: null,
  lastCheckAt: null,
  rebootNeeded: false,
  heldBy: [],
  strategy: { name: 'off', text: '', source: '' },
  windows: [],
  slots: [],
  pending: null,
  facts: [],
  problem: null,
  ...more,
});

/** A named host with that update. */
export const updated = (
  name: string,
  more: Partial<HostUpdate> = {},
  sections: HostRecord = {},
): readonly [string, HostRecord] => [name, makeHost(name, { update: makeUpdate(more), ...sections })];
