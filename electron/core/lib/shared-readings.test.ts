import { expect, test } from 'vitest';
import { SharedReadings } from './shared-readings.ts';

test('one reading serves all who ask, and ends when the last of them gives up', async () => {
  const readings = new SharedReadings();
  const begun: AbortSignal[] = [];
  const never = (signal: AbortSignal) => {
    begun.push(signal);
    return new Promise<string>(() => {});
  };
  const [one, two] = [new AbortController(), new AbortController()];
  const first = readings.read('a', one.signal, never);
  const second = readings.read('a', two.signal, never);
  one.abort(new Error('left'));
  await expect(first).rejects.toThrow('left');
  expect([begun.length, begun[0]?.aborted]).toEqual([1, false]);
  two.abort(new Error('left too'));
  await expect(second).rejects.toThrow('left too');
  expect(begun[0]?.aborted).toBe(true);
  const { signal } = new AbortController();
  expect(await readings.read('a', signal, async () => 'anew')).toBe('anew');
});

test('what has moved is read anew, and a failure is not kept', async () => {
  const readings = new SharedReadings();
  const { signal } = new AbortController();
  const held = Promise.withResolvers<string>();
  const before = readings.read('a', signal, () => held.promise);
  readings.forget();
  expect(await readings.read('a', signal, async () => 'after')).toBe('after');
  held.resolve('before');
  expect(await before).toBe('before');
  await expect(readings.read('a', signal, () => Promise.reject(new Error('once')))).rejects.toThrow('once');
  expect(await readings.read('a', signal, async () => 'well')).toBe('well');
});
