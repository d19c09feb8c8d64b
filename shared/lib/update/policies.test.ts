import { describe, expect, test } from 'vitest';
import { makeHost } from '#kit/filter-hosts.ts';
import { makePolicy, makeUpdate, updated } from '#kit/update-hosts.ts';
import { type LinkState, linkStates } from '#shared/contract/host.ts';
import { defaultReboots } from '#shared/contract/reboot.ts';
import { standingOf } from './behind.ts';
import { policyFaults } from './check-policy.ts';
import { clockChanges } from './clock-changes.ts';
import { draftFromPolicy } from './draft-from-policy.ts';
import { groupsBy } from './groups-of.ts';
import { moveToGroup } from './move-hosts.ts';
import { offersOf } from './offers.ts';
import { policyInWords } from './policy-in-words.ts';

const none = new Map<string, string>();
const saturdays = {
  timeZone: 'Europe/Rome',
  windows: [{ days: [5], from: 120, lengthMs: 4 * 3_600_000, measure: 'elapsed' as const }],
};

describe('a policy in words', () => {
  test('is one sentence', () => {
    const reboot = { ...defaultReboots, lock: 'none' as const, atOnce: 2, windows: saturdays };
    expect(policyInWords(makePolicy({ automatic: true, reboot }))).toBe(
      'stable · 2 at a time · Sat 02:00–06:00 Europe/Rome · pause after 1 failure · automatic',
    );
    expect(policyInWords(makePolicy({ automatic: true, packages: 'security' }))).toMatch(
      / · of packages security updates alone · automatic$/,
    );
  });
  test('says all that is out of the ordinary, and nothing else', () => {
    const rich = makePolicy({
      target: { kind: 'version', version: '4593.2.1' },
      paused: { by: 'ada', at: 0, why: '' },
      waves: [
        { size: 1, unit: 'hosts' },
        { size: 50, unit: 'percent' },
      ],
      spreadOver: 'rack',
      soakS: 1800,
      failureBudget: 2,
      gates: [{ kind: 'health' }],
      reboot: {
        ...defaultReboots,
        lockGroup: 'workers',
        rate: { hosts: 10, perS: 7200 },
        windows: {
          timeZone: 'UTC',
          windows: [{ days: [0, 1, 2, 3, 4], from: 1380, lengthMs: 10_800_000, measure: 'wall' }],
        },
      },
    });
    expect(policyInWords(rich)).toBe(
      'pinned at 4593.2.1 · 1 at a time · at most 10 per 2 h · waves of 1, 50 % · spread over rack · Mon–Fri 23:00–02:00 UTC · under the reboot lock of workers · 30 min between waves · 1 check · pause after 3 failures · by hand · paused',
    );
  });
});

describe('who is in a group', () => {
  const policies = [
    makePolicy({ group: 'all', selector: 'name:*', order: 90 }),
    makePolicy({ group: 'web', order: 10 }),
    makePolicy({ group: 'canary', selector: 'name:none', members: ['web-9'], order: 50 }),
  ];
  test('the first selector by order, unless it is a member elsewhere', () => {
    const group = groupsBy(policies);
    expect(group(makeHost('web-1'), 0)).toBe('web');
    expect(group(makeHost('web-9'), 0)).toBe('canary');
    const db = makeHost('db-1');
    expect(group({ ...db, identity: { ...db.identity!, labels: {} } }, 0)).toBe('all');
  });
  test('half a filter selects nobody', () => {
    expect(groupsBy([makePolicy({ selector: 'role:web label:role=web' })])(makeHost('web-1'), 0)).toBe(null);
  });
  test('moving writes members down only where selectors do not say it already', () => {
    const hosts = ['web-1', 'web-9'].map((name) => [name, makeHost(name)] as const);
    const there = moveToGroup(policies, hosts, 'canary', 0);
    expect(there.policies.map(({ after }) => [after.group, after.members])).toEqual([['canary', ['web-1', 'web-9']]]);
    expect(there.stay.map(({ host }) => host)).toEqual(['web-9']);
    const back = moveToGroup(policies, hosts, 'web', 0);
    expect(back.policies.map(({ after }) => [after.group, after.members])).toEqual([['canary', []]]);
    expect(back.moved).toEqual(['web-9']);
    const out = moveToGroup(policies, hosts, null, 0);
    expect(out.policies).toEqual([]);
    expect(out.stay.map(({ why }) => why)).toEqual([
      'the selector of web finds it: change its labels or that selector',
      'the selector of web finds it: change its labels or that selector',
    ]);
  });
});

describe('what is wrong with a policy is said at its field', () => {
  test.each([
    ['selector', makePolicy({ selector: 'cpu>80' })],
    ['selector', makePolicy({ selector: 'nofield:x' })],
    ['timeZone', makePolicy({ reboot: { ...defaultReboots, windows: { ...saturdays, timeZone: 'Mars/Base' } } })],
    ['waves', makePolicy({ waves: [{ size: 120, unit: 'percent' }] })],
  ])('%s', (field, policy) => {
    expect(policyFaults(policy).map((fault) => fault.field)).toEqual([field]);
  });
  test('a good one has none', () => {
    expect(policyFaults(makePolicy({ reboot: { ...defaultReboots, windows: saturdays } }))).toEqual([]);
  });
});

describe('clocks that change', () => {
  const at = (text: string) => Date.parse(text);
  const sundays = (from: number, measure: 'elapsed' | 'wall') => ({
    timeZone: 'Europe/Rome',
    windows: [{ days: [6], from, lengthMs: 4 * 3_600_000, measure }],
  });
  test('a time that is skipped, and one that comes twice', () => {
    expect(clockChanges(sundays(150, 'elapsed'), at('2026-11-29T00:00:00Z'))).toEqual([
      'On 2027-03-28 clocks skip 02:30: the window opens at 03:30.',
      'On 2027-10-31 02:30 comes twice: the window opens the first time.',
      'On 2027-10-31 clocks change within it: it still lasts 4 h, until 05:30.',
    ]);
  });
  test('a window by the clock on the wall is longer or shorter', () => {
    expect(clockChanges(sundays(60, 'wall'), at('2026-11-29T00:00:00Z'))).toEqual([
      'On 2027-03-28 clocks change within it: it lasts 3 h in place of 4 h.',
      'On 2027-10-31 clocks change within it: it lasts 5 h in place of 4 h.',
    ]);
  });
  test('nothing where clocks never change', () => {
    expect(clockChanges({ ...sundays(150, 'wall'), timeZone: 'UTC' }, at('2026-11-29T00:00:00Z'))).toEqual([]);
  });
});

describe('who is behind', () => {
  const stable = { kind: 'channel', channel: 'stable' } as const;
  test('by channel, by version, by what is offered', () => {
    expect(standingOf(makeUpdate(), stable, none)).toEqual({ is: 'behind', to: '4628.2.0' });
    expect(standingOf(makeUpdate({ offered: null }), stable, none)).toEqual({ is: 'there' });
    expect(standingOf(makeUpdate({ channel: 'beta' }), stable, none).is).toBe('blocked');
    expect(standingOf(makeUpdate(), { kind: 'version', version: '4593.2.1' }, none)).toEqual({ is: 'there' });
    expect(standingOf(makeUpdate(), { kind: 'version', version: '4000.0.0' }, none).is).toBe('blocked');
    expect(standingOf(makeUpdate({ channel: 'beta' }), { kind: 'offered' }, none)).toEqual({
      is: 'behind',
      to: '4628.2.0',
    });
    expect(standingOf(undefined, stable, none).is).toBe('blocked');
  });
  test('what others of its channel are offered counts, unless it is older than what runs', () => {
    const idle = makeUpdate({ offered: null });
    const offers = offersOf([
      { update: makeUpdate() },
      { update: makeUpdate({ offered: '4593.2.2' }) },
      { update: idle },
    ]);
    expect([...offers]).toEqual([['update-engine/stable', '4628.2.0']]);
    expect(standingOf(idle, stable, offers)).toEqual({ is: 'behind', to: '4628.2.0' });
    expect(standingOf(makeUpdate({ offered: null, running: '10000.0.0' }), stable, offers)).toEqual({ is: 'there' });
    expect(standingOf(makeUpdate({ offered: null, channel: 'beta' }), { kind: 'offered' }, offers)).toEqual({
      is: 'there',
    });
  });
  test('what a person holds is blocked; what a window, a lock or a reboot by hand holds is not', () => {
    expect(standingOf(makeUpdate({ heldBy: [{ by: 'person', text: 'held' }] }), stable, none).is).toBe('blocked');
    const staged = makeUpdate({ phase: 'staged', rebootNeeded: true, heldBy: [{ by: 'person', text: 'by hand' }] });
    expect(standingOf(staged, stable, none)).toEqual({ is: 'behind', to: '4628.2.0' });
    const holds = [{ version: '4628.2.0', by: 'ann', since: null }];
    expect(standingOf({ ...staged, holds }, stable, none).is).toBe('blocked');
    expect(standingOf(makeUpdate({ heldBy: [{ by: 'lock', text: 'lock' }] }), stable, none).is).toBe('behind');
  });
  test('the draft takes along who is behind and connected, grouped by what is to be done; the rest has its reason', () => {
    const away = makeHost('d');
    const hosts = [
      updated('b'),
      updated('a', { running: '4593.2.0' }),
      updated('c', { offered: null }),
      updated('d', {}, { link: { ...away.link!, state: 'lost' } }),
      updated('e', { channel: 'beta' }),
    ];
    const policy = makePolicy({ soakS: 60, gates: [{ kind: 'health' }], failureBudget: 1, spreadOver: 'rack' });
    const { draft, there, leftOut } = draftFromPolicy(policy, hosts, none);
    expect(draft?.parts.map((part) => [part.hosts, part.work, part.gates])).toEqual([
      [['a'], { kind: 'update', agent: 'update-engine', from: '4593.2.0', to: '4628.2.0' }, policy.gates],
      [['b'], { kind: 'update', agent: 'update-engine', from: '4593.2.1', to: '4628.2.0' }, policy.gates],
    ]);
    expect(draft?.policy).toMatchObject({ soakS: 60, failureBudget: 1, maxUnavailable: 1, reboot: defaultReboots });
    expect(draft?.title).toBe('Update web to 4628.2.0');
    expect(there).toEqual(['c']);
    expect(leftOut.map(({ host, why }) => `${host}: ${why}`)).toEqual([
      'd: it is not connected',
      'e: it follows beta, not stable',
    ]);
    expect(draftFromPolicy(policy, [updated('c', { offered: null })], none).draft).toBe(null);
  });
  test('a host that is only slow to speak is taken along: sshd answers, and there is no second roll-out of a version', () => {
    const link = (state: LinkState) => ({ link: { ...makeHost('a').link!, state } });
    const hosts = linkStates.map((state) => updated(state, {}, link(state)));
    const { draft, leftOut } = draftFromPolicy(makePolicy(), hosts, none);
    expect(draft?.parts.flatMap((part) => part.hosts)).toEqual(['degraded', 'up']);
    expect(leftOut.map(({ host }) => host)).toEqual(
      linkStates.filter((state) => state !== 'degraded' && state !== 'up').toSorted(),
    );
  });
});
