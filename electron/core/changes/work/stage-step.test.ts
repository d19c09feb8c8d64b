import { expect, test } from 'vitest';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { HostWork } from '#shared/contract/work.ts';
import { blankUpdate } from '../../providers/update-agents/blank-update.ts';
import { wrongVersion } from './after-boot.ts';
import { frozen, inverseWork } from './plan-work.ts';
import { stageStep } from './stage-step.ts';

const now = 1_000_000;
const slot = { good: null, tries: null, priority: null, pinned: false, staged: false, next: false };
const host = (more: Partial<HostUpdate> = {}): HostUpdate => ({
  ...blankUpdate('update-engine', now),
  agentState: 'running',
  phase: 'idle',
  running: '1',
  slots: [
    { ...slot, name: 'USR-A', version: '1', booted: true, next: true },
    { ...slot, name: 'USR-B', version: '0', booted: false },
  ],
  ...more,
});
const to2 = { kind: 'update', agent: 'update-engine', from: '1', to: '2' } as const;
const any = { ...to2, to: null };
const asked = { at: now - 1000, wasBusy: false };

test.each([
  ['is asked once', to2, host(), null, { next: 'ask' }],
  ['is waited for a while', to2, host(), asked, { next: 'wait', phase: 'checking' }],
  ['has nothing when it is idle again', to2, host(), { ...asked, wasBusy: true }, { next: 'end', state: 'invalid' }],
  ['has nothing after a while', any, host(), { ...asked, at: 0 }, { next: 'end', state: 'invalid' }],
  ['checks', to2, host({ phase: 'checking' }), null, { next: 'wait', phase: 'checking' }],
  ['downloads', to2, host({ phase: 'downloading', offered: '2' }), asked, { next: 'wait', phase: 'downloading' }],
  ['downloads another', to2, host({ phase: 'downloading', offered: '3' }), asked, { next: 'end', state: 'stale' }],
  ['is staged', to2, host({ phase: 'staged', offered: '2' }), null, { next: 'staged', version: '2' }],
  ['staged what is offered', any, host({ phase: 'staged', offered: '3' }), null, { next: 'staged', version: '3' }],
  ['staged another', to2, host({ phase: 'staged', offered: '3' }), null, { next: 'end', state: 'stale' }],
  ['failed', to2, host({ phase: 'failed' }), asked, { next: 'end', state: 'invalid' }],
  ['is switched off', to2, host({ phase: 'disabled' }), null, { next: 'end', state: 'invalid' }],
  [
    'holds a release',
    to2,
    host({ phase: 'disabled', holds: [{ version: '2', by: 'ada', since: null }] }),
    null,
    { next: 'end', state: 'invalid', text: '2 is held back on this host' },
  ],
  ['is there already', to2, host({ running: '2' }), null, { next: 'end', state: 'unchanged' }],
  ['moved on', to2, host({ running: '1.5' }), null, { next: 'end', state: 'stale' }],
  ['has another agent', to2, host({ agent: 'bootc' }), null, { next: 'end', state: 'stale' }],
] as const)('a host that %s', (_, work, update, told, step) => {
  expect(stageStep(work, update, told, now)).toMatchObject(step);
});

const packages = { kind: 'update', agent: 'apt', from: null, to: null, only: 'security' } as const;
const waiting = (security: number, more: Partial<HostUpdate> = {}) =>
  host({ agent: 'apt', phase: 'available', pending: { total: 3, security, held: 0, names: [] }, ...more });

test('of packages for security alone the others may go on waiting', () => {
  expect(frozen(packages, waiting(1, { agentState: 'missing' }))).toEqual(packages);
  expect(frozen(packages, waiting(0))).toBeNull();
  expect(frozen(packages, waiting(0, { rebootNeeded: true }))).toEqual(packages);
});

test('a plan freezes what a host runs and is offered', () => {
  const wish = { kind: 'update', agent: 'update-engine', from: null, to: null } as const;
  expect(frozen(wish, host({ offered: '2' }))).toMatchObject({ from: '1', to: '2' });
  expect(frozen(wish, host())).toMatchObject({ from: '1', to: null });
  expect(frozen({ ...wish, to: '1' }, host())).toBeNull();
  expect(() => frozen({ ...wish, to: '3' }, host({ offered: '2' }))).toThrow('2 is offered to it, not 3');
  expect(() => frozen(wish, host({ agent: 'none' }))).toThrow('no update agent');
  expect(() => frozen(wish, host({ agentState: 'masked' }))).toThrow('masked');
});

test('the way back leads to the slot that is not booted, and the inverse back again', () => {
  const wish = { kind: 'roll-back', agent: 'update-engine', from: null, to: null } as const;
  const back = frozen(wish, host());
  expect(back).toEqual({ ...wish, from: '1', to: '0' });
  expect(() => frozen(wish, host({ slots: [] }))).toThrow('no system before');
  expect(inverseWork(to2, null)).toEqual({ kind: 'roll-back', agent: 'update-engine', from: '2', to: '1' });
  expect(inverseWork(any, '5')).toMatchObject({ from: '5', to: '1' });
  expect(() => inverseWork({ kind: 'reboot' }, null)).toThrow('no way back');
});

test('packages are planned by what waits, whatever brings them by itself, and have no way back', () => {
  const wish = { kind: 'update', agent: 'apt', from: '12.1', to: null } as const;
  const waits = (total: number, held = 0, more: Partial<HostUpdate> = {}) =>
    host({ agent: 'apt', agentState: 'missing', slots: [], pending: { total, security: 0, held, names: [] }, ...more });
  expect(frozen(wish, waits(1, 1))).toEqual({ ...wish, from: null });
  expect(frozen(wish, waits(0, 1))).toBeNull();
  expect(frozen(wish, waits(0, 0, { rebootNeeded: true }))).not.toBeNull();
  expect(() => frozen({ ...wish, kind: 'roll-back' }, waits(0))).toThrow('apt keeps no system from before');
  expect(() => inverseWork(wish, null)).toThrow('packages that were installed have no way back');
});

test('while a release is held nothing is planned, and an image needs no agent that runs', () => {
  const holds = [{ version: '3', by: 'ada', since: null }];
  const wish = { kind: 'update', agent: 'bootc', from: null, to: null } as const;
  expect(() => frozen(wish, host({ agent: 'bootc', holds }))).toThrow('3 is held back on this host');
  expect(frozen(wish, host({ agent: 'bootc', agentState: 'masked' }))).toMatchObject({ from: '1' });
});

test('after the boot only the right version counts', () => {
  const work = (to: string | null) => ({ from: '1', to });
  const job = to2 satisfies HostWork;
  expect(wrongVersion(job, work('2'), { running: '2' })).toBeNull();
  expect(wrongVersion(job, work('2'), { running: '1' })).toBe('it runs 1, not 2');
  expect(wrongVersion(job, work(null), { running: '1' })).toBe('it still runs 1');
  expect(wrongVersion(job, work(null), { running: '7' })).toBeNull();
  expect(wrongVersion({ ...job, agent: 'apt' }, work(null), { running: '1' })).toBeNull();
});
