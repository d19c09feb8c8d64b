import { makePolicy } from '#kit/update-hosts.ts';
import { engine, holder, hour, link, locksOf, now, staged, subjectOf } from '#kit/update-subjects.ts';
import { describe, expect, test } from 'vitest';
import type { HostUpdate } from '../../contract/update.ts';
import { whyNot } from './why-not.ts';

const automatic = makePolicy({ automatic: true });

describe('the answer', () => {
  test('a host that runs what is offered is up to date, and nothing of a reboot matters', () => {
    const { kind, text, first, conditions } = whyNot(subjectOf(engine, { rebootLocks: locksOf([holder]) }));
    expect({ kind, first }).toEqual({ kind: 'up-to-date', first: null });
    expect(text).toBe('It is up to date: it runs 4152.2.0, and nothing newer is offered.');
    expect(conditions.find(({ name }) => name === 'lock')?.state).toBe('does-not-apply');
  });

  test('a host of packages is up to date when none waits', () => {
    const pending = { total: 0, security: 0, held: 0, names: [] };
    const dnf = { ...engine, agent: 'dnf' as const, channel: null, running: '42', pending };
    const { text, conditions } = whyNot(subjectOf(dnf));
    expect(text).toBe('It is up to date: no package waits; it runs 42.');
    expect(conditions.find(({ name }) => name === 'offered')?.text).toBe('No package waits.');
    expect(conditions.find(({ name }) => name === 'held')?.text).toBe('No package is held back.');
  });

  test.each([
    [
      'unreachable',
      subjectOf(staged, { host: { link: { ...link, state: 'lost', reason: 'silent for 14 s' }, update: staged } }),
      'reachable',
    ],
    ['masked', subjectOf({ ...engine, agentState: 'masked' }), 'agent'],
    ['no check for days', subjectOf({ ...engine, lastCheckAt: now - 72 * hour }), 'server'],
    [
      'another channel',
      subjectOf(engine, { policy: { ...automatic, target: { kind: 'channel', channel: 'beta' } } }),
      'channel',
    ],
    [
      'a version nobody offers',
      subjectOf(engine, { policy: { ...automatic, target: { kind: 'version', version: '5000.0.0' } } }),
      'offered',
    ],
    [
      'switched off',
      subjectOf({ ...engine, heldBy: [{ by: 'policy', text: 'SERVER=disabled in /etc/flatcar/update.conf.' }] }),
      'policy',
    ],
    [
      'paused',
      subjectOf(staged, { policy: { ...automatic, paused: { by: 'ann', at: now - hour, why: 'holidays' } } }),
      'policy',
    ],
    ['by hand', subjectOf(staged, { policy: { ...automatic, automatic: false } }), 'policy'],
  ] as const)('%s', (_what, subject, first) => {
    expect(whyNot(subject).first).toBe(first);
  });

  test('of an agent that was never read nothing is said not to apply', () => {
    const subject = subjectOf(engine);
    const { update: _unread, ...host } = subject.host;
    const { conditions } = whyNot({ ...subject, host });
    const of = (name: string) => conditions.find((one) => one.name === name)?.state;
    expect(['server', 'channel', 'offered', 'held', 'disk'].map(of)).toEqual(Array(5).fill('unknown'));
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
    expect(whyNot(subjectOf(available, { host: { link, update: available, disks } }))).toMatchObject({
      first: 'disk',
      text: '/ has 9 MiB free; the kernel of the new slot may take 64 MiB.',
    });
  });
});

test('what others of its channel are offered is something to do, and the policy of its group is led to', () => {
  const subject = { name: 'web1', host: { link, update: engine }, now, policy: makePolicy() };
  expect(whyNot(subject).kind).toBe('up-to-date');
  const found = whyNot({ ...subject, elsewhere: '4200.0.0' });
  expect(found).toMatchObject({ kind: 'held', first: 'policy', text: expect.stringContaining('updated by hand') });
  const look = (name: string) => found.conditions.find((condition) => condition.name === name);
  expect(look('policy')?.next).toEqual({ label: 'Look at its policy', leads: 'policy', group: 'web' });
  expect(look('offered')?.text).toMatch(/^4200\.0\.0 is offered to others of stable/);
  const pinned = { ...makePolicy(), target: { kind: 'version' as const, version: engine.running } };
  expect(whyNot({ ...subject, policy: pinned, elsewhere: '4200.0.0' }).kind).toBe('up-to-date');
});
