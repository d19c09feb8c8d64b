import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mayPass, Pauses } from './take-up.ts';

const minute = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('tries come ever more seldom, and the last one is known as such', async () => {
  const from = Date.now();
  const tried: number[] = [];
  let last = false;
  const all = (async () => {
    for await (const isLast of new Pauses(Date.now).tries()) {
      tried.push((Date.now() - from) / 1000);
      last = isLast;
    }
  })();
  await vi.advanceTimersByTimeAsync(20 * minute);
  await all;
  expect(tried.slice(0, 6)).toEqual([1, 3, 7, 15, 30, 45]);
  expect([tried.at(-1), last]).toEqual([600, true]);
});

test('once it has ended nothing is tried, not even what is waited for', async () => {
  const pauses = new Pauses(Date.now);
  const next = pauses.tries().next();
  pauses.end();
  expect(await next).toMatchObject({ done: true });
  expect(await pauses.tries().next()).toMatchObject({ done: true });
});

test.each(['timers first', 'news first'])('a machine that slept for long is known by it, %s', (order) => {
  let now = 0;
  const pauses = new Pauses(() => now);
  for (; now < 30 * minute; now += 100) pauses.beat();
  expect(pauses.slept()).toBe(false);
  now += 9 * minute;
  pauses.beat();
  expect(pauses.slept()).toBe(false);
  now += 8 * 60 * minute;
  if (order === 'timers first') pauses.beat();
  expect(pauses.slept()).toBe(true);
  for (const until = now + 2 * minute; now < until; now += 100) pauses.beat();
  expect(pauses.slept()).toBe(false);
});

test('what another console has, or a wrong plan, does not pass', () => {
  const codes = ['unreachable', 'lost', 'timeout', 'busy', 'conflict', 'refused', 'protocol', 'internal'] as const;
  expect(codes.filter((code) => mayPass({ code, message: '' }))).toEqual(['unreachable', 'lost', 'timeout', 'busy']);
});
