import { defaultReboots } from '#shared/contract/reboot.ts';
import type { UpdatePolicy } from '#shared/contract/update-policy.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const usual: Omit<UpdatePolicy, 'group' | 'selector' | 'order'> = {
  members: [],
  target: { kind: 'channel', channel: 'stable' },
  automatic: false,
  paused: null,
  waves: [],
  spreadOver: null,
  soakS: 0,
  failureBudget: 0,
  gates: [{ kind: 'system-running' }],
  reboot: defaultReboots,
};

/** The update groups of the demo's team; databases, builders and balancers are in none. */
export function fleetGroups(now: number): UpdatePolicy[] {
  return [
    {
      ...usual,
      group: 'canary',
      selector: 'channel:beta,alpha,testing,next',
      order: 10,
      target: { kind: 'offered' },
      failureBudget: 1,
      reboot: { ...defaultReboots, atOnce: 2, lock: 'none', peopleWaitS: 60 },
    },
    {
      ...usual,
      group: 'control-plane',
      selector: 'label:role=etcd',
      order: 20,
      soakS: 1800,
      gates: [
        { kind: 'system-running' },
        { kind: 'unit-active', unit: 'etcd-member.service', settleS: 30 },
        { kind: 'port', port: 2379 },
      ],
      reboot: {
        ...defaultReboots,
        windows: {
          timeZone: 'Europe/Rome',
          windows: [{ days: [5], from: 120, lengthMs: 4 * hourMs, measure: 'elapsed' }],
        },
      },
    },
    {
      ...usual,
      group: 'web',
      selector: 'label:role=web',
      order: 30,
      waves: [
        { size: 1, unit: 'hosts' },
        { size: 50, unit: 'percent' },
      ],
      spreadOver: 'zone',
      soakS: 600,
      reboot: {
        ...defaultReboots,
        atOnce: 2,
        rate: { hosts: 10, perS: 3600 },
        windows: {
          timeZone: 'Europe/Rome',
          windows: [{ days: [0, 1, 2, 3, 4], from: 1320, lengthMs: 6 * hourMs, measure: 'wall' }],
        },
      },
    },
    {
      ...usual,
      group: 'workers',
      selector: 'label:role=worker',
      order: 40,
      paused: { by: 'lena@ops', at: now - 2 * dayMs, why: 'Month end: the batches of accounting run until Tuesday' },
      failureBudget: 2,
      reboot: { ...defaultReboots, lockGroup: 'workers', atOnce: 3 },
    },
  ];
}
