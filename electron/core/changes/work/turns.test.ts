import { expect, test } from 'vitest';
import type { HostChange } from '#shared/contract/change.ts';
import type { WorkProgress } from '#shared/contract/work.ts';
import { waitingHost } from '../waiting-host.ts';
import { Turns } from './turns.ts';

const work = (more: Partial<WorkProgress>): WorkProgress => ({
  phase: 'rebooting',
  since: 0,
  progress: null,
  waitsFor: null,
  from: '1',
  to: '2',
  bootBefore: 'b1',
  bootAfter: null,
  holdsLock: false,
  rolledBack: false,
  ...more,
});
const host = (name: string, more: Partial<HostChange> = {}): HostChange => ({ ...waitingHost(name, 0), ...more });
const down = (name: string, more: Partial<HostChange> = {}) =>
  host(name, { state: 'applying', work: work({}), ...more });

test('a turn is given to so many at once, before it is written down too, and to the next once one is back', () => {
  const turns = new Turns(() => ['a', 'b', 'c'].map((name) => host(name)), { atOnce: 2, rate: null });
  expect(turns.take('a', 0, false)).toBeNull();
  expect(turns.take('b', 0, false)).toBeNull();
  expect(turns.take('a', 0, false)).toBeNull();
  expect(turns.take('c', 0, false)).toMatchObject({ by: 'rate', text: 'a, b are down; 2 at a time may be.' });
  turns.giveBack('b');
  expect(turns.take('c', 0, false)).toBeNull();
});

test('hosts that another console took down count by what the journal says of them', () => {
  const free = (one: HostChange) =>
    new Turns(() => [one, host('z')], { atOnce: 1, rate: null }).take('z', 0, false) === null;
  expect(free(down('a'))).toBe(false);
  expect(free(down('a', { state: 'verifying', work: work({ phase: 'verifying', bootAfter: 'b2' }) }))).toBe(false);
  expect(free(down('a', { work: work({ phase: 'waiting', waitsFor: 'window' }) }))).toBe(true);
  expect(free(down('a', { work: work({ bootBefore: null }) }))).toBe(true);
  expect(free(down('a', { state: 'done', work: work({ phase: 'verifying', bootAfter: 'b2' }) }))).toBe(true);
  // One that did not come back is still away, until a person goes on without it.
  expect(free(down('a', { state: 'unreachable' }))).toBe(false);
  expect(free(down('a', { state: 'unreachable', accepted: { by: 'ada', at: 0 } }))).toBe(true);
});

test('of those that are ready the first of the plan comes first; one that waits for a person holds up nobody', () => {
  const ready = (name: string, more: Partial<WorkProgress> = {}) =>
    host(name, { state: 'applying', work: work({ phase: 'waiting', bootBefore: null, ...more }) });
  const take = (one: HostChange) =>
    new Turns(() => [one, ready('z')], { atOnce: 1, rate: null }).take('z', 0, false)?.text ?? 'goes';
  expect(take(ready('a'))).toBe('a comes first.');
  expect(take(ready('a', { waitsFor: 'rate' }))).toBe('a comes first.');
  expect(take(ready('a', { waitsFor: 'person' }))).toBe('goes');
  expect(take(ready('a', { phase: 'downloading' }))).toBe('goes');
  expect(take(host('a'))).toBe('goes');
});

test('the rate counts what the evidence tells, and slows no host on its way back', () => {
  const at = 100_000;
  const evidence = [{ at, step: 'reboot', text: '' }];
  const policy = { atOnce: 5, rate: { hosts: 1, perS: 60 } };
  const turns = new Turns(() => [host('a', { state: 'done', evidence }), host('z')], policy);
  expect(turns.take('z', at + 59_000, false)).toMatchObject({ by: 'rate', until: at + 60_000 });
  expect(turns.take('z', at + 59_000, true)).toBeNull();
  turns.giveBack('z');
  expect(turns.take('z', at + 60_001, false)).toBeNull();
  expect(turns.began()).toEqual([at, at + 60_001]);
});
