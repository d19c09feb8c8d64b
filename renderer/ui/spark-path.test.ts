import { describe, expect, it } from 'vitest';
import { sparkPaths } from './spark-path.ts';

describe('sparkPaths', () => {
  it('draws 0 at the floor and 100 at the top, and clamps beyond', () => {
    expect(sparkPaths([0, 100, 250], 40, 16)).toEqual({
      line: 'M0 15.5L20 1L40 1',
      area: 'M0 15.5V15.5L20 1L40 1V15.5H0Z',
    });
  });

  it('leaves gaps open and closes the area around each part', () => {
    const { line, area } = sparkPaths([0, null, 50, 50], 30, 16);
    expect(line).toBe('M0 15.5M20 8.3L30 8.3');
    expect(area.match(/Z/g)).toHaveLength(2);
  });

  it('draws nothing of nothing', () => {
    expect(sparkPaths([], 40, 16)).toEqual({ line: '', area: '' });
    expect(sparkPaths([null, null], 40, 16)).toEqual({ line: '', area: '' });
  });
});
