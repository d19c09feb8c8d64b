import { describe, expect, it } from 'vitest';
import { metricNames } from '#shared/contract/host.ts';
import type { HistoryItem } from '#shared/contract/streams.ts';
import { chartColumns, noHistory, withItem } from './history.ts';

function item(times: number[], cpu: (number | null)[]): HistoryItem {
  const values = Object.fromEntries(
    metricNames.map((name) => [name, times.map(() => null)]),
  ) as unknown as HistoryItem['values'];
  return { times, values: { ...values, cpu } };
}

describe('withItem', () => {
  it('appends what is newer and ignores what is already held', () => {
    const once = withItem(noHistory, item([1000, 3000], [1, 2]));
    const twice = withItem(once, item([3000, 5000], [9, 3]));
    expect(twice.times).toEqual([1000, 3000, 5000]);
    expect(twice.values.cpu).toEqual([1, 2, 3]);
    expect(twice.values.memory).toEqual([null, null, null]);
    expect(withItem(twice, item([5000], [7]))).toBe(twice);
  });

  it('keeps an hour', () => {
    const hour = 60 * 60_000;
    const held = withItem(withItem(noHistory, item([0, 2000], [1, 2])), item([hour + 1000], [3]));
    expect(held.times).toEqual([2000, hour + 1000]);
    expect(held.values.cpu).toEqual([2, 3]);
  });
});

describe('chartColumns', () => {
  it('draws a gap where nothing was read for long, and only what is in range', () => {
    const history = withItem(noHistory, item([1000, 3000, 90_000], [1, 2, 3]));
    expect(chartColumns(history, ['cpu'], 2000)).toEqual([
      [3, 4, 90],
      [2, null, 3],
    ]);
  });
});
