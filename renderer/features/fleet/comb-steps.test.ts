import { describe, expect, it } from 'vitest';
import { type CombStep, nextCell } from './comb-steps.ts';
import { layComb } from './honeycomb-layout.ts';

// Three cells a row: a0 a1 a2 / a3 a4 a5 (half a cell further right) / a6, then the group b.
const hosts = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const { cells } = layComb(
  [
    { key: 'a', hosts: hosts(7, 'a') },
    { key: 'b', hosts: hosts(2, 'b') },
  ],
  3.6 * Math.sqrt(3) * 36,
  1000,
);
const from = (host: string | null, ...steps: CombStep[]) =>
  steps.reduce<string | null>((at, step) => nextCell(cells, at, step, null)?.host ?? null, host);

describe('nextCell', () => {
  it('goes along a row and stops at its ends', () => {
    expect(from('a0', 'right')).toBe('a1');
    expect(from('a2', 'right')).toBeNull();
    expect(from('a3', 'left')).toBeNull();
    expect(from('a5', 'left')).toBe('a4');
  });

  it('goes up and down over groups, to the cell that lies nearest', () => {
    expect(from('a0', 'down')).toBe('a3');
    expect(from('a5', 'down')).toBe('a6');
    expect(from('a6', 'down')).toBe('b0');
    expect(from('b1', 'up')).toBe('a6');
    expect(from('a0', 'up')).toBeNull();
  });

  it('keeps to a column on the way', () => {
    const column = cells.find(({ host }) => host === 'a2')?.x ?? 0;
    const below = nextCell(cells, 'a2', 'down', column)?.host ?? null;
    expect(below).toBe('a4');
    expect(nextCell(cells, below, 'up', column)?.host).toBe('a2');
  });

  it('begins at the first cell from nowhere, and finds none in an empty comb', () => {
    expect(from(null, 'down')).toBe('a0');
    expect(nextCell([], null, 'down', null)).toBeNull();
  });
});
