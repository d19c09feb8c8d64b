import { describe, expect, it } from 'vitest';
import { bytes, count, percent, rate, some } from './amounts.ts';

describe('amounts', () => {
  it('scales bytes by 1024 and rates by 1000', () => {
    expect(bytes(0)).toBe('0 B');
    expect(bytes(1536)).toBe('1.5 KiB');
    expect(bytes(200 * 1024 ** 3)).toBe('200 GiB');
    expect(rate(999)).toBe('999 B/s');
    expect(rate(3_210_000)).toBe('3.2 MB/s');
  });

  it('writes counts, parts and lists as a person would', () => {
    expect(count(1, 'host')).toBe('1 host');
    expect(count(1200, 'host')).toBe('1,200 hosts');
    expect(percent(0.337)).toBe('34 %');
    expect(some([])).toBe('');
    expect(some(['a', 'b'])).toBe('a and b');
    expect(some(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
  });
});
