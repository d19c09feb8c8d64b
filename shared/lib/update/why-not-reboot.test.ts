import { makePolicy } from '#kit/update-hosts.ts';
import { engine, holder, hour, locksOf, now, staged, subjectOf } from '#kit/update-subjects.ts';
import { describe, expect, test } from 'vitest';
import { defaultReboots } from '../../contract/reboot.ts';
import type { HostInRollOut, UpdateSubject } from './condition.ts';
import { heldBy, whyNot } from './why-not.ts';

test('one that waits for the lock names who holds it, and since when', () => {
  const { kind, text, first } = whyNot(subjectOf(staged, { rebootLocks: locksOf([holder]) }));
  expect({ kind, first }).toEqual({ kind: 'held', first: 'lock' });
  expect(text).toBe('It waits for locksmith’s lock: node2 (since 10 min ago) holds it.');
  expect(whyNot(subjectOf(staged, { rebootLocks: locksOf([]) })).kind).toBe('free');
  expect(whyNot(subjectOf(staged, { rebootLocks: locksOf([{ ...holder, host: 'node1' }]) })).first).toBe(null);
  // Where nobody looked at the locks, the host's own word stands.
  expect(heldBy(subjectOf(staged))?.text).toBe('Reboots only while it holds the reboot lock in etcd.');
});

test('a closed window comes before the lock, and says when it opens by its own zone', () => {
  const weekly = {
    timeZone: 'Europe/Rome',
    windows: [{ days: [5], from: 150, lengthMs: 2 * hour, measure: 'elapsed' as const }],
  };
  const { text, first } = whyNot(subjectOf({ ...staged, weekly }, { rebootLocks: locksOf([holder]) }));
  expect(first).toBe('window');
  expect(text).toBe('Its reboot window opens Sat 02:30, Europe/Rome.');
  const open = whyNot(
    subjectOf({ ...staged, weekly }, { now: Date.parse('2026-08-08T01:00:00Z'), rebootLocks: locksOf([]) }),
  );
  expect(open.conditions.find(({ name }) => name === 'window')?.text).toBe(
    'Its reboot window is open until Sat 04:30, Europe/Rome.',
  );
});

test('quorum is told by its sum', () => {
  const member = (name: string, state: 'up' | 'unreachable') =>
    ({ id: name, name, host: name, learner: false, state }) as const;
  const etcd = {
    state: 'degraded',
    readAt: now,
    members: [member('node1', 'up'), member('node2', 'unreachable'), member('node3', 'up')],
  };
  const asked = subjectOf(staged, {
    rebootLocks: locksOf([]),
    etcd: etcd as unknown as NonNullable<UpdateSubject['etcd']>,
  });
  expect(whyNot(asked)).toMatchObject({ first: 'quorum', text: expect.stringContaining('node2 is not healthy') });
});

test('a reboot that only a person gives waits for one, unless the group is updated by itself', () => {
  const only = { by: 'person' as const, text: 'Nobody reboots this host but a person.', reboot: true as const };
  const held = { by: 'person' as const, text: '1 package held back by a person.' };
  const waits = { ...staged, strategy: { name: 'automatic' as const, text: 'It installs.', source: '' } };
  const asked = (heldBy: (typeof only | typeof held)[], more: Partial<UpdateSubject> = {}) =>
    whyNot(subjectOf({ ...waits, pending: { total: 3, security: 0, held: 1, names: [] }, heldBy }, more));
  expect(asked([held, only])).toMatchObject({ kind: 'held', first: 'person', text: only.text });
  expect(asked([held]).first).not.toBe('person');
  expect(asked([only], { policy: { ...makePolicy(), automatic: true } }).first).not.toBe('person');
});

describe('the lock of a host whose own agent takes none', () => {
  const own = { ...staged, strategy: { name: 'off' as const, text: '', source: '' }, heldBy: [] };
  const rollOut: HostInRollOut = {
    id: '20260805-abcdef',
    title: 'Update web',
    state: 'running',
    text: '',
    wave: 0,
    soaksUntil: null,
    host: {
      host: 'node1',
      wave: 0,
      state: 'applying',
      text: '',
      attempt: 1,
      startedAt: now,
      endedAt: null,
      accepted: null,
    },
  };
  const unlocked = { ...makePolicy(), reboot: { ...defaultReboots, lock: 'none' as const } };
  const lockOf = (more: Partial<UpdateSubject>) =>
    whyNot(subjectOf(own, { rebootLocks: locksOf([holder]), ...more })).conditions.find(({ name }) => name === 'lock');

  test('is that of its group, which a roll-out takes, and led to', () => {
    expect(lockOf({ policy: makePolicy() })).toMatchObject({
      state: 'does-not-apply',
      text: 'A roll-out of the group web takes the cluster’s reboot lock for it, and none is under way. Its own agent takes none.',
      source: 'the policy of the group web',
      next: { leads: 'policy', group: 'web' },
    });
  });

  test('stops it while a roll-out is under way and another host holds it', () => {
    expect(lockOf({ policy: makePolicy(), rollOut })).toMatchObject({
      state: 'stops',
      text: 'It waits for locksmith’s lock: node2 (since 10 min ago) holds it.',
    });
  });

  test('is none where its policy wants none, or it has none', () => {
    expect(lockOf({ policy: unlocked, rollOut })?.text).toBe(
      'It reboots without a lock: its agent takes none, and neither does the policy of the group web.',
    );
    expect(lockOf({ policy: null })?.text).toBe(
      'It reboots without a lock: its agent takes none, and it is in no group with a policy that would.',
    );
  });

  test('an agent that takes one takes it whatever the policy says', () => {
    const asked = whyNot(
      subjectOf(staged, { policy: { ...unlocked, automatic: true }, rebootLocks: locksOf([holder]) }),
    );
    expect(asked).toMatchObject({ kind: 'held', first: 'lock' });
    expect(whyNot(subjectOf(engine)).conditions.find(({ name }) => name === 'lock')?.text).toBe(
      'No reboot is at hand: it wants no lock.',
    );
  });
});
