import * as fc from 'fast-check';
import { hostChangeStates } from '#shared/contract/change.ts';
import { linkStates } from '#shared/contract/host.ts';
import { defaultReboots, obstacles } from '#shared/contract/reboot.ts';
import { hostUpdate, type HostUpdate, updateAgents, updatePhases } from '#shared/contract/update.ts';
import type { UpdatePolicy } from '#shared/contract/update-policy.ts';
import type { UpdateSubject } from '#shared/lib/update/condition.ts';
import { makePolicy } from './update-hosts.ts';
import { engine, hour, link, now } from './update-subjects.ts';

const name = fc.constantFrom('node1', 'node2', 'node3');
const at = fc.integer({ min: now - 30 * 24 * hour, max: now + hour });
const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null });
const orLeftOut = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const words = fc.string({ maxLength: 12 });
/** Few, as zones are slow to reckon with; windows have properties of their own. */
const windows = fc.constantFrom(
  ...(
    [
      ['Europe/Rome', [5], 150, hour],
      ['UTC', [0, 1, 2, 3, 4, 5, 6], 0, 24 * hour],
      ['America/New_York', [2], 8 * 60, hour],
    ] as const
  ).map(([timeZone, days, from, lengthMs]) => ({
    timeZone,
    windows: [{ days: [...days], from, lengthMs, measure: 'elapsed' as const }],
  })),
);
const update = fc
  .record({
    agent: fc.constantFrom(...updateAgents, 'none' as const),
    agentState: fc.constantFrom(...hostUpdate.shape.agentState.options),
    how: fc.constantFrom(...hostUpdate.shape.how.options),
    phase: fc.constantFrom(...updatePhases),
    phaseText: words,
    running: fc.constantFrom('1', '2', ''),
    offered: orNull(fc.constantFrom('1', '2', '3')),
    channel: orNull(words),
    channelSource: words,
    server: orNull(words),
    lastCheckAt: orNull(at),
    rebootNeeded: fc.boolean(),
    heldBy: fc.array(
      fc.record({ by: fc.constantFrom('server', 'policy', 'person', 'lock', 'window', 'agent'), text: words }),
      { maxLength: 3 },
    ),
    strategy: fc.record({
      name: fc.constantFrom(...hostUpdate.shape.strategy.shape.name.options),
      text: words,
      source: words,
    }),
    windows: fc.array(fc.record({ text: words, timeZone: words }), { maxLength: 2 }),
    pending: orNull(fc.record({ total: fc.nat(5), security: fc.nat(5), held: fc.nat(5), names: fc.constant([]) })),
    weekly: orLeftOut(windows),
  })
  .map((some) => ({ ...engine, ...some }) as HostUpdate);
const policy: fc.Arbitrary<UpdatePolicy> = fc
  .record({
    target: fc.oneof(
      fc.record({ kind: fc.constant('channel' as const), channel: words }),
      fc.record({ kind: fc.constant('version' as const), version: fc.constantFrom('1', '2', '3') }),
      fc.constant({ kind: 'offered' as const }),
    ),
    automatic: fc.boolean(),
    paused: orNull(fc.record({ by: words, at, why: words })),
    windows: orNull(windows),
    lock: fc.constantFrom('cluster' as const, 'none' as const),
  })
  .map(({ windows: weekly, lock, ...some }) => ({
    ...makePolicy(),
    ...some,
    reboot: { ...defaultReboots, windows: weekly, lock },
  }));
const problem = orNull(fc.constant({ code: 'lost' as const, message: 'lost' }));
const rebootLocks = fc.record({
  places: fc.array(
    fc.record({
      kind: fc.constantFrom('locksmith' as const, 'airlock' as const),
      state: fc.constant('live' as const),
      readAt: orNull(at),
      problem,
    }),
  ),
  locks: fc.array(
    fc.record({
      kind: fc.constantFrom('locksmith' as const, 'airlock' as const),
      group: fc.constantFrom('', 'default'),
      key: words,
      max: orNull(fc.nat(2)),
      holders: fc.array(
        fc.record({
          id: fc.constant('id'),
          host: orNull(name),
          since: orNull(at),
          gone: fc.boolean(),
          evidence: words,
        }),
        { maxLength: 3 },
      ),
      waiting: fc.constant([]),
      revision: fc.nat(),
      problem,
    }),
    { maxLength: 2 },
  ),
});
const rollOut = fc.record({
  id: fc.constant('20260805-abcdef'),
  title: words,
  state: fc.constantFrom('planned' as const, 'running' as const, 'paused' as const),
  text: words,
  wave: fc.nat(3),
  soaksUntil: orNull(at),
  host: fc
    .record({
      state: fc.constantFrom(...hostChangeStates),
      wave: fc.nat(3),
      text: words,
      endedAt: orNull(at),
      waitsFor: orLeftOut(fc.constantFrom(...obstacles)),
    })
    .map(({ waitsFor, ...some }) => ({
      host: 'node1',
      attempt: 1,
      startedAt: null,
      accepted: null,
      ...some,
      ...(waitsFor && { work: { waitsFor } }),
    })),
});
const kubernetes = fc.record({
  readAt: at,
  node: fc.constantFrom('', 'node1'),
  config: words,
  unschedulable: fc.boolean(),
  kured: orNull(
    fc.record({
      lock: orNull(
        fc.record({
          max: fc.integer({ min: 1, max: 2 }),
          owners: fc.array(fc.record({ node: name, since: orNull(at), expiresAt: orNull(at) })),
        }),
      ),
      inProgress: orNull(words),
      rebootNeeded: orNull(words),
    }),
  ),
  fluo: orNull(
    fc.record({
      rebootNeeded: fc.boolean(),
      rebootOk: fc.boolean(),
      inProgress: fc.boolean(),
      paused: fc.boolean(),
      madeUnschedulable: fc.boolean(),
      status: words,
      newVersion: words,
      lastCheckedAt: orNull(at),
    }),
  ),
  problem,
});
/** Any host that can be asked why it is not updated, with anything known around it. */
export const anyUpdateSubject: fc.Arbitrary<UpdateSubject> = fc
  .record({
    link: orLeftOut(fc.constantFrom(...linkStates).map((state) => ({ ...link, state }))),
    update: orLeftOut(update),
    kubernetes: orLeftOut(kubernetes),
    policy: orLeftOut(orNull(policy)),
    rebootLocks: orLeftOut(rebootLocks),
    rollOut: orLeftOut(orNull(rollOut)),
    etcd: orLeftOut(
      fc.record({
        state: fc.constant('healthy'),
        readAt: orNull(at),
        members: fc.array(
          fc.record({
            id: words,
            name: words,
            host: orNull(name),
            learner: fc.boolean(),
            state: fc.constantFrom('up', 'unreachable'),
          }),
        ),
      }),
    ),
  })
  .map(({ link: one, update: told, kubernetes: marks, ...around }) => {
    const host = { ...(one && { link: one }), ...(told && { update: told }), ...(marks && { kubernetes: marks }) };
    return { name: 'node1', host, now, ...around } as unknown as UpdateSubject;
  });
