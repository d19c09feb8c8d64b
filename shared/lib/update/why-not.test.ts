import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostChangeStates } from '../../contract/change.ts';
import { linkStates } from '../../contract/host.ts';
import { defaultReboots, obstacles } from '../../contract/reboot.ts';
import { hostUpdate, type HostUpdate, updateAgents, updatePhases } from '../../contract/update.ts';
import type { UpdatePolicy } from '../../contract/update-policy.ts';
import type { ServerHost } from '../../contract/update-server.ts';
import { conditionNames, conditionStates, type UpdateSubject } from './condition.ts';
import { heldBy, whyNot } from './why-not.ts';

const now = Date.parse('2026-08-05T12:00:00Z');
const hour = 3_600_000;

const engine: HostUpdate = {
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
const staged: HostUpdate = {
  ...engine,
  phase: 'staged',
  offered: '4152.2.1',
  rebootNeeded: true,
  heldBy: [{ by: 'lock', text: 'Reboots only while it holds the reboot lock in etcd.' }],
};
const link = {
  state: 'up' as const,
  reason: '',
  since: now,
  heardAt: now,
  retryAt: null,
  attempts: 0,
  problem: null,
  sampler: 'awk' as const,
  units: 'dbus' as const,
  unitsReason: '',
  missed: null,
  connection: null,
};
const byHand: UpdatePolicy = {
  group: 'web',
  selector: 'name:web',
  members: [],
  order: 0,
  target: { kind: 'channel', channel: 'stable' },
  automatic: false,
  paused: null,
  waves: [],
  spreadOver: null,
  soakS: 0,
  failureBudget: 0,
  gates: [],
  reboot: defaultReboots,
};
const holder = { id: 'abc', host: 'node2', since: now - 10 * 60_000, gone: false, evidence: '' };
const locksOf = (holders: (typeof holder)[], max = 1) => ({
  places: [{ kind: 'locksmith' as const, state: 'live' as const, readAt: now, problem: null }],
  locks: [{ kind: 'locksmith' as const, group: '', key: 'k', max, holders, waiting: [], revision: 1, problem: null }],
});
const of = (update: HostUpdate, more: Partial<UpdateSubject> = {}): UpdateSubject => ({
  name: 'node1',
  host: { link, update },
  now,
  ...more,
});
const group: UpdatePolicy = {
  group: 'workers',
  selector: 'label:role=worker',
  members: [],
  order: 0,
  target: { kind: 'channel', channel: 'stable' },
  automatic: true,
  paused: null,
  waves: [],
  spreadOver: null,
  soakS: 0,
  failureBudget: 0,
  gates: [],
  reboot: defaultReboots,
};

describe('the answer', () => {
  test('a host that runs what is offered is up to date, and nothing of a reboot matters', () => {
    const { kind, text, first, conditions } = whyNot(of(engine, { rebootLocks: locksOf([holder]) }));
    expect({ kind, first }).toEqual({ kind: 'up-to-date', first: null });
    expect(text).toBe('It is up to date: it runs 4152.2.0, and nothing newer is offered.');
    expect(conditions.find(({ name }) => name === 'lock')?.state).toBe('does-not-apply');
  });

  test('one that waits for the lock names who holds it, and since when', () => {
    const { kind, text, first } = whyNot(of(staged, { rebootLocks: locksOf([holder]) }));
    expect({ kind, first }).toEqual({ kind: 'held', first: 'lock' });
    expect(text).toBe('It waits for locksmith’s lock: node2 (since 10 min ago) holds it.');
    expect(whyNot(of(staged, { rebootLocks: locksOf([]) })).kind).toBe('free');
    expect(whyNot(of(staged, { rebootLocks: locksOf([{ ...holder, host: 'node1' }]) })).first).toBe(null);
    // Where nobody looked at the locks, the host's own word stands.
    expect(heldBy(of(staged))?.text).toBe('Reboots only while it holds the reboot lock in etcd.');
  });

  test('a closed window comes before the lock, and says when it opens by its own zone', () => {
    const weekly = {
      timeZone: 'Europe/Rome',
      windows: [{ days: [5], from: 150, lengthMs: 2 * hour, measure: 'elapsed' as const }],
    };
    const { text, first } = whyNot(of({ ...staged, weekly }, { rebootLocks: locksOf([holder]) }));
    expect(first).toBe('window');
    expect(text).toBe('Its reboot window opens Sat 02:30, Europe/Rome.');
    const open = whyNot(
      of({ ...staged, weekly }, { now: Date.parse('2026-08-08T01:00:00Z'), rebootLocks: locksOf([]) }),
    );
    expect(open.conditions.find(({ name }) => name === 'window')?.text).toBe(
      'Its reboot window is open until Sat 04:30, Europe/Rome.',
    );
  });

  test.each([
    [
      'unreachable',
      of(staged, { host: { link: { ...link, state: 'lost', reason: 'silent for 14 s' }, update: staged } }),
      'reachable',
    ],
    ['masked', of({ ...engine, agentState: 'masked' }), 'agent'],
    ['no check for days', of({ ...engine, lastCheckAt: now - 72 * hour }), 'server'],
    ['another channel', of(engine, { policy: { ...group, target: { kind: 'channel', channel: 'beta' } } }), 'channel'],
    [
      'a version nobody offers',
      of(engine, { policy: { ...group, target: { kind: 'version', version: '5000.0.0' } } }),
      'offered',
    ],
    [
      'switched off',
      of({ ...engine, heldBy: [{ by: 'policy', text: 'SERVER=disabled in /etc/flatcar/update.conf.' }] }),
      'policy',
    ],
    ['paused', of(staged, { policy: { ...group, paused: { by: 'ann', at: now - hour, why: 'holidays' } } }), 'policy'],
    ['by hand', of(staged, { policy: { ...group, automatic: false } }), 'policy'],
  ] as const)('%s', (_what, subject, first) => {
    expect(whyNot(subject).first).toBe(first);
  });

  test('quorum is told by its sum', () => {
    const member = (name: string, state: 'up' | 'unreachable') =>
      ({ id: name, name, host: name, learner: false, state }) as const;
    const etcd = {
      state: 'degraded',
      readAt: now,
      members: [member('node1', 'up'), member('node2', 'unreachable'), member('node3', 'up')],
    };
    const asked = of(staged, { rebootLocks: locksOf([]), etcd: etcd as unknown as NonNullable<UpdateSubject['etcd']> });
    expect(whyNot(asked)).toMatchObject({ first: 'quorum', text: expect.stringContaining('node2 is not healthy') });
  });

  test('a full /boot is named with what it lacks, before a reboot is at hand', () => {
    const mount = {
      mount: '/',
      source: '/dev/sda1',
      type: 'ext4',
      totalBytes: 1e9,
      usedBytes: 9.9e8,
      freeBytes: 1e7,
      inodesTotal: 1,
      inodesFree: 1,
      readOnly: false,
      readOnlyFault: null,
    };
    const disks = { readAt: now, mounts: [mount], late: [] };
    const available: HostUpdate = { ...engine, phase: 'available', offered: '4152.2.1' };
    expect(whyNot(of(available, { host: { link, update: available, disks } }))).toMatchObject({
      first: 'disk',
      text: '/ has 9 MiB free; the kernel of the new slot may take 64 MiB.',
    });
  });
});

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
    ...group,
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
const subject = fc
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

test('of any host all conditions are told, in their order, each in a sentence; the first that stops it is the answer', () => {
  fc.assert(
    fc.property(subject, (asked) => {
      const { kind, first, text, conditions } = whyNot(asked);
      expect(conditions.map((each) => each.name)).toEqual([...conditionNames]);
      for (const each of conditions) {
        expect(conditionStates).toContain(each.state);
        expect(each.text.trim()).not.toBe('');
        expect(each.text).not.toMatch(/undefined|NaN|\[object/);
      }
      const stopping = conditions.filter(({ state }) => state === 'stops');
      expect(first).toBe(stopping[0]?.name ?? null);
      expect(kind === 'held').toBe(first !== null);
      expect(text).toBe(stopping[0]?.text ?? text);
      expect(heldBy(asked)?.name ?? null).toBe(first);
    }),
    { numRuns: 200 },
  );
});

test('who is up to date has nothing offered, nothing that waits and nothing to boot', () => {
  fc.assert(
    fc.property(subject, (asked) => {
      if (whyNot(asked).kind !== 'up-to-date') return;
      const { update: told } = asked.host;
      expect(told).toMatchObject({ offered: null, rebootNeeded: false });
      expect(told?.pending?.total ?? 0).toBe(0);
      expect(asked.host.link?.state).toMatch(/up|degraded/);
    }),
    { numRuns: 200 },
  );
});

test('what others of its channel are offered is something to do, and the policy of its group is led to', () => {
  const subject = { name: 'web1', host: { link, update: engine }, now, policy: byHand };
  expect(whyNot(subject).kind).toBe('up-to-date');
  const found = whyNot({ ...subject, elsewhere: '4200.0.0' });
  expect(found).toMatchObject({ kind: 'held', first: 'policy', text: expect.stringContaining('updated by hand') });
  const look = (name: string) => found.conditions.find((condition) => condition.name === name);
  expect(look('policy')?.next).toEqual({ label: 'Look at its policy', leads: 'policy', group: 'web' });
  expect(look('offered')?.text).toMatch(/^4200\.0\.0 is offered to others of stable/);
  const pinned = { ...byHand, target: { kind: 'version' as const, version: engine.running } };
  expect(whyNot({ ...subject, policy: pinned, elsewhere: '4200.0.0' }).kind).toBe('up-to-date');
});

describe('what the update server has of a host', () => {
  const instance = {
    id: 'a'.repeat(32),
    alias: '',
    ip: '',
    oem: '',
    version: '4152.2.0',
    status: 'complete',
    lastCheckAt: now - 5 * 60_000,
    grantedAt: null,
    grantedVersion: '',
    inProgress: false,
    host: 'web',
  } as const;
  const group = { app: 'flatcar', id: 'g', name: 'prod', updatesEnabled: true };
  const seen = { url: 'https://nebraska.example', group, instance, readAt: now } satisfies ServerHost;
  const look = (atServer: ServerHost) => {
    const { conditions } = whyNot({
      name: 'web',
      host: { link, update: engine },
      now,
      atServer,
    });
    return conditions.find(({ name }) => name === 'server');
  };
  test.each<[string, ServerHost, string, RegExp]>([
    ['heard of', seen, 'ok', /heard of it 5 min ago: it ran 4152.2.0, its last update complete/],
    [
      'on hold',
      { ...seen, instance: { ...instance, status: 'on-hold' } },
      'stops',
      /policy of group prod lets no more/,
    ],
    ['failed', { ...seen, instance: { ...instance, status: 'error' } }, 'stops', /its last update failed/],
    ['never heard of', { ...seen, instance: null }, 'stops', /never heard of it/],
    [
      'of a group whose updates are off',
      { ...seen, group: { ...group, updatesEnabled: false } },
      'stops',
      /are disabled/,
    ],
    ['of no group', { ...seen, group: null, instance: null }, 'stops', /has no group stable/],
  ])('one %s', (_, atServer, state, text) => {
    expect(look(atServer)).toMatchObject({ state, source: seen.url, text: expect.stringMatching(text) });
  });
  test('what the host says of itself comes first', () => {
    const failed: HostUpdate = { ...engine, phase: 'failed', phaseText: 'no room' };
    const { conditions } = whyNot({
      name: 'web',
      host: { link, update: failed },
      now,
      atServer: seen,
    });
    expect(conditions.find(({ name }) => name === 'server')?.text).toContain('no room');
  });
});
