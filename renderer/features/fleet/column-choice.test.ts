import { describe, expect, it } from 'vitest';
import { movedColumn, shownIds, toggledColumn } from './column-choice.ts';

const first = ['name', 'state', 'cpu'];
const ids = (choice: readonly { id: string }[]) => choice.map(({ id }) => id).join(' ');

describe('column choice', () => {
  it('starts from the first columns', () => {
    expect(shownIds(null, first)).toEqual(first);
    expect(ids(toggledColumn(null, first, 'disk'))).toBe('name state cpu disk');
    expect(ids(toggledColumn(null, first, 'state'))).toBe('name cpu');
  });

  it('keeps widths while others come and go', () => {
    const choice = [
      { id: 'name', width: 200 },
      { id: 'cpu', width: 80 },
    ];
    expect(toggledColumn(choice, first, 'disk')[1]).toEqual({ id: 'cpu', width: 80 });
  });

  it('moves a column, but never before the name', () => {
    expect(ids(movedColumn(null, first, 'cpu', -1))).toBe('name cpu state');
    expect(ids(movedColumn(null, first, 'state', -5))).toBe('name state cpu');
    expect(ids(movedColumn(null, first, 'state', 9))).toBe('name cpu state');
    expect(ids(movedColumn(null, first, 'nosuch', 1))).toBe('name state cpu');
  });
});
