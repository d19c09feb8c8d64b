import { expect, test } from 'vitest';
import { Limiter } from './limiter.ts';

const ticks = async () => {
  for (let at = 0; at < 10; at++) await Promise.resolve();
};

test('never more run than said, even where one comes as another ends', async () => {
  const limiter = new Limiter(1);
  const order: string[] = [];
  let running = 0;
  const run = (name: string) =>
    limiter.run(async () => {
      expect(++running).toBe(1);
      order.push(name);
      await ticks();
      running--;
    });
  const first = run('first').then(() => run('late'));
  await Promise.all([first, run('second')]);
  expect(order).toEqual(['first', 'second', 'late']);
});

test('who gives up while waiting is not run and holds no place', async () => {
  const limiter = new Limiter(1);
  const stop = new AbortController();
  const end = Promise.withResolvers<void>();
  const first = limiter.run(() => end.promise);
  let ran = false;
  const second = limiter.run(async () => void (ran = true), stop.signal);
  stop.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  await expect(limiter.run(async () => 1, stop.signal)).rejects.toThrow('given up');
  end.resolve();
  await first;
  expect([await limiter.run(async () => 'next'), ran]).toEqual(['next', false]);
});
