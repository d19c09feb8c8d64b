import { describe, expect, it } from 'vitest';
import { hexagon, layComb } from './honeycomb-layout.ts';

const hosts = (count: number, prefix = 'h') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('layComb', () => {
  it('uses the largest hexagons that fit and keeps every cell inside the width', () => {
    const comb = layComb([{ key: '', hosts: hosts(24) }], 1000, 600);
    expect(comb.radius).toBe(36);
    const half = (Math.sqrt(3) * comb.radius) / 2;
    for (const cell of comb.cells) {
      expect(cell.x - half).toBeGreaterThanOrEqual(-0.01);
      expect(cell.x + half).toBeLessThanOrEqual(1000.01);
    }
  });

  it('shrinks for many hosts, and grows the page when even the smallest do not fit', () => {
    const many = layComb([{ key: '', hosts: hosts(2000) }], 1000, 600);
    expect(many.radius).toBe(13);
    expect(many.height).toBeGreaterThan(600);
    expect(many.cells).toHaveLength(2000);
    expect(layComb([{ key: '', hosts: hosts(400) }], 1000, 600).height).toBeLessThanOrEqual(600);
  });

  it('never puts two cells of any groups over each other', () => {
    const comb = layComb(
      [
        { key: 'a', hosts: hosts(37, 'a') },
        { key: 'b', hosts: hosts(5, 'b') },
      ],
      500,
      400,
    );
    expect(comb.heads.map(({ key }) => key)).toEqual(['a', 'b']);
    const least = Math.sqrt(3) * comb.radius - 0.01;
    for (const [index, one] of comb.cells.entries()) {
      for (const other of comb.cells.slice(index + 1)) {
        expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThanOrEqual(least);
      }
    }
  });

  it('survives a pane narrower than a cell, and no hosts', () => {
    expect(layComb([{ key: '', hosts: hosts(3) }], 5, 5).cells).toHaveLength(3);
    expect(layComb([], 100, 100)).toMatchObject({ cells: [], height: 0 });
  });
});

describe('hexagon', () => {
  it('has six corners at the radius', () => {
    expect(hexagon(10).split(' ')).toHaveLength(6);
    expect(hexagon(10)).toContain('0.0,10.0');
  });
});
