import { describe, expect, it } from 'vitest';
import { fittingColumns } from './fitting-columns.ts';

const columns = ['name', 'state', 'labels', 'os', 'cpu', 'kernel'].map((id) => ({ id, title: id, width: 100 }));
const ids = (width: number) =>
  fittingColumns(columns, width)
    .map(({ id }) => id)
    .join(' ');

describe('fittingColumns', () => {
  it('leaves out the least needed first and never what a row is known by', () => {
    expect(ids(600)).toBe('name state labels os cpu kernel');
    expect(ids(599)).toBe('name state os cpu kernel');
    expect(ids(400)).toBe('name state cpu kernel');
    expect(ids(1)).toBe('name state kernel');
  });
});
