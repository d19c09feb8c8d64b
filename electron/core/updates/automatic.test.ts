import { expect, test } from 'vitest';
import { makePolicy, updated } from '#kit/update-hosts.ts';
import type { ChangeState } from '#shared/contract/change.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import { makeHost } from '#kit/filter-hosts.ts';
import { type AutomaticCase, type AutomaticRun, type KnownChange, nextStep, staleClaimMs } from './automatic.ts';

const now = 10_000_000;
const automatic = makePolicy({ automatic: true });
const asked = (more: Partial<AutomaticCase> = {}): AutomaticCase => ({
  policy: automatic,
  hosts: [updated('web-1'), updated('web-2')],
  offers: new Map(),
  changes: [],
  runs: [],
  isProtected: false,
  console: 'here',
  now,
  ...more,
});
const run = (more: Partial<AutomaticRun> = {}): AutomaticRun => ({
  agent: 'update-engine',
  to: '4628.2.0',
  change: '20261129-aaaaaa',
  by: 'ada@ops',
  console: 'here',
  at: now - 1000,
  started: false,
  ...more,
});
const known = (state: ChangeState, more: Partial<KnownChange> = {}): KnownChange => ({
  id: '20261129-aaaaaa',
  state,
  needsApproval: false,
  hosts: [{ host: 'web-1', to: '4628.2.0' }],
  ...more,
});

test('proposes what is behind, with every host of it and the waves of the policy', () => {
  const step = nextStep(asked());
  expect(step).toMatchObject({ do: 'propose', agent: 'update-engine', to: '4628.2.0', over: null });
  expect(step.do === 'propose' && step.draft.parts.flatMap(({ hosts }) => hosts)).toEqual(['web-1', 'web-2']);
  expect(step.do === 'propose' && step.draft.title).toBe('Update web to 4628.2.0 (automatic)');
});

test('takes along hosts that have not asked yet for what others of their channel are offered', () => {
  const hosts = [updated('web-1'), updated('web-2', { offered: null })];
  const step = nextStep(asked({ hosts, offers: new Map([['update-engine/stable', '4628.2.0']]) }));
  expect(step.do === 'propose' && step.draft.parts.flatMap((part) => part.hosts)).toEqual(['web-1', 'web-2']);
});

test('does nothing by hand, while paused, and when nobody is behind', () => {
  expect(nextStep(asked({ policy: makePolicy() })).do).toBe('wait');
  const paused = makePolicy({ automatic: true, paused: { by: 'ada', at: 0, why: 'month end' } });
  expect(nextStep(asked({ policy: paused }))).toEqual({ do: 'wait', text: 'Paused by ada: month end' });
  expect(nextStep(asked({ hosts: [updated('web-1', { offered: null })] })).text).toBe('No host is behind.');
});

test.each(['running', 'paused', 'rolling-back'] as const)('waits while a change is %s on a host of it', (state) => {
  const changes = [known(state, { id: '20261129-bbbbbb', hosts: [{ host: 'web-2', to: null }] })];
  expect(nextStep(asked({ changes })).do).toBe('wait');
  const elsewhere = [known(state, { hosts: [{ host: 'db-1', to: null }] })];
  expect(nextStep(asked({ changes: elsewhere })).do).toBe('propose');
});

test.each(['stopped', 'rolled-back', 'not-rolled-back'] as const)(
  'never begins again what was %s, by itself or by hand',
  (state) => {
    const step = nextStep(asked({ changes: [known(state)], runs: [run({ started: true })] }));
    expect(step).toMatchObject({ do: 'wait', text: expect.stringContaining('by hand only') as string });
    expect(nextStep(asked({ changes: [known(state)] })).do).toBe('wait');
    const older = [known(state, { hosts: [{ host: 'web-1', to: '4593.2.1' }] })];
    expect(nextStep(asked({ changes: older })).do).toBe('propose');
  },
);

test('begins a version once, also when its change is long folded up', () => {
  expect(nextStep(asked({ runs: [run({ started: true, at: 0 })] })).do).toBe('wait');
  expect(nextStep(asked({ changes: [known('committed')], runs: [run({ started: true })] })).do).toBe('wait');
  expect(nextStep(asked({ runs: [run({ started: true, to: '4593.2.1' })] })).do).toBe('propose');
});

test('starts what it claimed itself; leaves the claim of another console alone until that is gone', () => {
  const changes = [known('planned')];
  expect(nextStep(asked({ changes, runs: [run()] }))).toMatchObject({ do: 'start' });
  expect(nextStep(asked({ changes, runs: [run({ console: 'there' })] })).do).toBe('wait');
  const stale = run({ console: 'there', at: now - staleClaimMs });
  expect(nextStep(asked({ changes, runs: [stale] })).do).toBe('start');
  // The claim was made and its console died before it proposed anything.
  expect(nextStep(asked({ runs: [run({ console: 'there' })] })).do).toBe('wait');
  expect(nextStep(asked({ runs: [stale] }))).toMatchObject({ do: 'propose', over: stale });
});

test('a plan that was started and is planned again is nobody’s to start', () => {
  expect(nextStep(asked({ changes: [known('planned')], runs: [run({ started: true })] })).do).toBe('wait');
});

test('in a protected cluster nothing starts before a second person approved it', () => {
  const waiting = [known('planned', { needsApproval: true })];
  const step = nextStep(asked({ isProtected: true, changes: waiting, runs: [run()] }));
  expect(step).toMatchObject({ do: 'wait', text: expect.stringContaining('approval') as string });
  expect(nextStep(asked({ isProtected: true, changes: [known('planned')], runs: [run()] })).do).toBe('start');
});

test('goes by one version at a time, the one of most hosts first, before any packages', () => {
  const coreos = { agent: 'rpm-ostree', running: '43.1', offered: '43.2' } as const;
  const apt: Partial<HostUpdate> = {
    agent: 'apt',
    offered: null,
    pending: { total: 3, security: 1, held: 0, names: [] },
  };
  const hosts = [updated('a', coreos), updated('b'), updated('c'), updated('d', apt)];
  const policy = makePolicy({ automatic: true, target: { kind: 'offered' } });
  const first = nextStep(asked({ policy, hosts }));
  expect(first).toMatchObject({ do: 'propose', to: '4628.2.0' });
  expect(first.do === 'propose' && first.draft.parts.flatMap((part) => part.hosts)).toEqual(['b', 'c']);
  expect(nextStep(asked({ policy, hosts, runs: [run({ started: true })] }))).toMatchObject({ to: '43.2' });
  expect(nextStep(asked({ policy, hosts: [updated('d', apt)] })).do).toBe('wait');
});

test('waits where a host asks for a password that nobody is there to type', () => {
  const locked = makeHost('web-3');
  const facts = locked.facts && { ...locked.facts, elevation: 'sudo-password' as const };
  const hosts = [updated('web-1'), updated('web-3', {}, facts ? { facts } : {})];
  expect(nextStep(asked({ hosts }))).toMatchObject({
    do: 'wait',
    text: expect.stringContaining('password') as string,
  });
});

const waits = (set: string, more: Partial<HostUpdate> = {}): Partial<HostUpdate> => ({
  agent: 'apt',
  offered: null,
  channel: null,
  running: '13.2',
  pending: { total: 3, security: 1, held: 0, names: [], set, securitySet: `${set}-security` },
  ...more,
});
const offered = makePolicy({ automatic: true, target: { kind: 'offered' } });
const proposed = (more: Partial<AutomaticCase>) => {
  const step = nextStep(asked({ policy: offered, ...more }));
  if (step.do !== 'propose') throw new Error(`it does not propose: ${step.text}`);
  const { agent, to, covers = [], draft } = step;
  return { run: run({ agent, to, covers, started: true }), draft, on: draft.parts.flatMap((part) => part.hosts) };
};

test('what waits on hosts of packages is begun once, and again once something else waits there', () => {
  const hosts = [updated('db-1', waits('a')), updated('db-2', waits('b'))];
  const first = proposed({ hosts });
  expect(first.on).toEqual(['db-1', 'db-2']);
  expect(first.draft.title).toBe('Update web to what is offered (automatic)');
  expect(first.run.covers).toHaveLength(2);
  const runs = [first.run];
  const again = nextStep(asked({ policy: offered, hosts, runs, changes: [known('stopped')] }));
  expect(again).toMatchObject({ do: 'wait', text: expect.stringContaining('was stopped by the change') as string });
  expect(nextStep(asked({ policy: offered, hosts, runs })).do).toBe('wait');
  const later = [updated('db-1', waits('a')), updated('db-2', waits('c')), updated('db-3', waits('a'))];
  const second = proposed({ hosts: later, runs });
  expect(second.on).toEqual(['db-2', 'db-3']);
  expect(second.run.to).not.toBe(first.run.to);
});

test('security alone is what counts where the policy says so', () => {
  const policy = { ...offered, packages: 'security' as const };
  const none = { pending: { total: 3, security: 0, held: 0, names: [], set: 'a', securitySet: 'none' } };
  const hosts = [updated('db-1', waits('a')), updated('db-2', waits('b', none))];
  const first = proposed({ policy, hosts });
  expect(first.on).toEqual(['db-1']);
  expect(first.draft).toMatchObject({
    title: 'Update web to its security updates (automatic)',
    parts: [{ work: { kind: 'update', agent: 'apt', to: null, only: 'security' } }],
  });
  const others = waits('z', {
    pending: { total: 9, security: 1, held: 0, names: [], set: 'z', securitySet: 'a-security' },
  });
  expect(nextStep(asked({ policy, hosts: [updated('db-1', others)], runs: [first.run] })).do).toBe('wait');
});

test('a reboot for what is installed is begun once a boot', () => {
  const installed = waits('none', { rebootNeeded: true, pending: { total: 0, security: 0, held: 0, names: [] } });
  const boot = (bootId: string) => {
    const { facts } = makeHost('db-1');
    return updated('db-1', installed, facts ? { facts: { ...facts, bootId } } : {});
  };
  const first = proposed({ hosts: [boot('one')] });
  expect(nextStep(asked({ policy: offered, hosts: [boot('one')], runs: [first.run] })).do).toBe('wait');
  expect(proposed({ hosts: [boot('two')], runs: [first.run] }).on).toEqual(['db-1']);
});

test('a claim of packages of which nothing came is taken over, and a fresh one waited for', () => {
  const hosts = [updated('db-1', waits('a'))];
  const { run: claim } = proposed({ hosts });
  const fresh = { ...claim, started: false };
  expect(nextStep(asked({ policy: offered, hosts, runs: [fresh] }))).toMatchObject({
    do: 'wait',
    text: 'ada@ops proposes the packages that wait.',
  });
  const stale = { ...fresh, at: now - staleClaimMs };
  expect(nextStep(asked({ policy: offered, hosts, runs: [stale] }))).toMatchObject({ do: 'propose', over: stale });
});

test('packages of which the names alone are known are left to a person', () => {
  const unnamed = waits('a', { pending: { total: 3, security: 1, held: 0, names: [] } });
  expect(nextStep(asked({ policy: offered, hosts: [updated('db-1', unnamed)] }))).toMatchObject({
    do: 'wait',
    text: expect.stringContaining('by hand') as string,
  });
});
