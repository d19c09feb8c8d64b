import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FromWorker } from './messages.ts';
import { Outbox } from './outbox.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const heard = (host: string): FromWorker => ({ type: 'heard', host, at: 1, latencyMs: 1 });

it('holds the usual for 50 ms and tells it together', () => {
  const posted: string[][] = [];
  const outbox = new Outbox((batch) => posted.push(batch.map((event) => ('host' in event ? event.host : ''))));
  outbox.add(heard('a'), false);
  vi.advanceTimersByTime(40);
  outbox.add(heard('b'), false);
  expect(posted).toEqual([]);
  vi.advanceTimersByTime(10);
  expect(posted).toEqual([['a', 'b']]);
});

it('takes along what waits when something urgent leaves, in order, once', () => {
  const posted: string[][] = [];
  const outbox = new Outbox((batch) => posted.push(batch.map((event) => ('host' in event ? event.host : ''))));
  outbox.add(heard('a'), false);
  outbox.add(heard('b'), true);
  outbox.add(heard('c'), true);
  outbox.add(heard('d'), false);
  vi.runAllTimers();
  expect(posted).toEqual([['a', 'b', 'c', 'd']]);
});
