import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { printSpan, readClock, readSpan } from './spans.ts';

test('spans and times are read as they are printed', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 604_800 }), (seconds) => readSpan(printSpan(seconds)) === seconds));
  expect(['90 s', '10min', '2 h', '2 hours', '1 week', '5 m', '5', 'x'].map(readSpan)).toEqual([
    90,
    600,
    7200,
    7200,
    604_800,
    300,
    null,
    null,
  ]);
  expect(['02:00', '2:05', '24:00'].map(readClock)).toEqual([120, 125, null]);
});
