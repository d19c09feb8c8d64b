import { describe, expect, it } from 'vitest';
import { ago, ahead, duration, roughSpan, span } from './times.ts';

describe('span', () => {
  it.each([
    [-5, '0 s'],
    [14_900, '14 s'],
    [61_000, '1 min'],
    [7_500_000, '2 h 5 min'],
    [7_200_000, '2 h'],
    [356_400_000, '4 d 3 h'],
    [86_400_000 * 120, '120 d'],
  ])('%d ms is %s', (ms, text) => expect(span(ms)).toBe(text));
});

describe('duration', () => {
  it.each([
    [3.4, '3 ms'],
    [1449, '1.4 s'],
    [125_000, '2 min 5 s'],
  ])('%d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));
});

describe('roughSpan', () => {
  it.each([
    [59_000, '59 s'],
    [3_600_000 * 30, '30 h'],
    [86_400_000 * 59, '59 d'],
  ])('%d ms is %s', (ms, text) => expect(roughSpan(ms)).toBe(text));
});

describe('ago and ahead', () => {
  it('say now when it is', () => {
    expect(ago(1000, 2500)).toBe('now');
    expect(ago(1000, 15_000)).toBe('14 s ago');
    expect(ahead(1500, 1000)).toBe('now');
    expect(ahead(9000, 1000)).toBe('in 8 s');
  });
});
