import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Change, PatchChange } from '#shared/contract/records.ts';
import { Scope } from '../lib/scope.ts';
import { flushMs, Outbox } from './outbox.ts';

let scope: Scope;
let sent: { seq: number; changes: PatchChange[]; at: number }[];
let outbox: Outbox;

beforeEach(() => {
  scope = new Scope('outbox test');
  sent = [];
  outbox = new Outbox(scope, (seq, changes) => sent.push({ seq, changes, at: performance.now() }));
  outbox.acknowledge(outbox.restart());
});
afterEach(() => scope.end());

function named(name: string): Change {
  return ['app', '', 'user', { name }];
}

test('the first change goes at once, the next ones together after the interval, last value wins', async () => {
  outbox.push(named('a'));
  await sleep(10);
  outbox.push(named('b'));
  outbox.push(named('c'));
  await sleep(flushMs.shown + 40);
  expect(sent.map(({ changes }) => changes)).toEqual([[named('a')], [named('c')]]);
});

test('never more than two patches are unacknowledged; what waits is folded', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    outbox.push(named(name));
    await sleep(flushMs.shown + 20);
  }
  expect(sent.map(({ seq }) => seq)).toEqual([2, 3]);
  outbox.acknowledge(3);
  await sleep(flushMs.shown + 20);
  expect(sent.at(-1)).toMatchObject({ seq: 4, changes: [named('e')] });
});

test('an acknowledgement of something never sent is ignored', async () => {
  outbox.acknowledge(99);
  for (const name of ['a', 'b', 'c']) {
    outbox.push(named(name));
    await sleep(flushMs.shown + 20);
  }
  expect(sent).toHaveLength(2);
});

const drift = (...states: ('same' | 'differs')[]): Change => [
  'document',
  'ntp',
  'drift',
  states.map((state, index) => ({ host: `h${index}`, state, differs: [], reason: null, readAt: 1 })),
];
const last = () => sent.at(-1)?.changes;
const patient = { timeout: 10_000 };

test('of a list by host only the items of hosts that changed go out, whatever was folded in between', async () => {
  outbox.push(drift('differs', 'same', 'same'), new Set(['h0']));
  outbox.push(drift('differs', 'same', 'differs'), new Set(['h2']));
  const [first, , third] = drift('differs', 'same', 'differs')[3] as object[];
  await expect.poll(last, patient).toEqual([['document', 'ntp', 'drift', [first, third], 'items']]);
});

test('a list by host goes out whole when it was made anew before items of it changed, or after', async () => {
  outbox.push(drift('same', 'same'));
  outbox.push(drift('same', 'differs'), new Set(['h1']));
  await expect.poll(last, patient).toEqual([drift('same', 'differs')]);
  outbox.push(drift('differs', 'differs'), new Set(['h0']));
  outbox.push(drift('differs'));
  await expect.poll(last, patient).toEqual([drift('differs')]);
});

test('a restart drops what is pending and numbers the snapshot next', async () => {
  outbox.push(named('a'));
  expect(outbox.restart()).toBe(2);
  await sleep(20);
  expect(sent).toEqual([]);
});
