import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../lib/scope.ts';
import { coalesce } from './coalesce.ts';

describe('coalesce', () => {
  let scope: Scope;
  let told: number[];
  let change: () => void;
  beforeEach(() => {
    vi.useFakeTimers();
    scope = new Scope('test');
    told = [];
    change = coalesce(
      scope,
      { firstMs: 5, gapMs: 50 },
      () => Date.now(),
      () => told.push(Date.now() - start),
    );
  });
  afterEach(async () => {
    await scope.end();
    vi.useRealTimers();
  });
  let start = 0;

  it('tells the first change at once and a burst at most every gap', () => {
    start = Date.now();
    for (let ms = 0; ms < 200; ms++) {
      change();
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(500);
    expect(told).toEqual([5, 55, 105, 155, 205]);
  });

  it('is quick again after quiet, and silent when nothing changes', () => {
    start = Date.now();
    change();
    vi.advanceTimersByTime(1000);
    change();
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([5, 1005]);
  });

  it('tells nothing once its scope has ended', async () => {
    change();
    await scope.end();
    change();
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([]);
  });
});
