import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { rateObstacle } from './rate.ts';

test('it opens again when the oldest that counts is long enough ago', () => {
  const rate = { hosts: 2, perS: 60 };
  expect(rateObstacle(rate, [1000], 2000)).toBe(null);
  expect(rateObstacle(rate, [1000, 30_000], 40_000)).toEqual({
    by: 'rate',
    text: '2 hosts began to go down in the last 60 s; no more than 2 may.',
    until: 61_000,
  });
  expect(rateObstacle(rate, [1000, 30_000], 61_000)).toBe(null);
});

test('who goes whenever nothing stands in the way never goes over the rate', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 60 }), gaps, (hosts, perS, waits) => {
      let now = 1_000_000;
      const began: number[] = [];
      for (const gap of waits) {
        now += gap;
        if (rateObstacle({ hosts, perS }, began, now) === null) began.push(now);
        expect(began.filter((at) => at > now - perS * 1000).length).toBeLessThanOrEqual(hosts);
      }
    }),
  );
});
