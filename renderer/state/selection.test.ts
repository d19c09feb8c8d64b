import { describe, expect, it } from 'vitest';
import { groupKey } from './group-key.ts';
import { chosen, extended, howManyOf, moved, nothingSelected, toggled, toggledAll } from './selection.ts';

const listed = ['a', 'b', 'c', 'd'];

describe('selection', () => {
  it('toggles and extends over the listed order, both ways', () => {
    const at = toggled(nothingSelected, 'c');
    expect([...extended(at, 'a', listed).hosts].toSorted()).toEqual(['a', 'b', 'c']);
    expect([...extended(at, 'd', listed).hosts].toSorted()).toEqual(['c', 'd']);
    expect(toggled(at, 'c').hosts.size).toBe(0);
  });

  it('extends from the cursor when nothing was toggled, and survives an anchor that is filtered away', () => {
    expect([...extended({ ...nothingSelected, cursor: 'b' }, 'c', listed).hosts]).toEqual(['b', 'c']);
    expect([...extended({ ...nothingSelected, anchor: 'gone' }, 'c', listed).hosts]).toEqual(['c']);
  });

  it('takes no heading for a host', () => {
    const rows = [groupKey('x'), 'a', groupKey('y'), 'b'];
    expect([...extended({ ...nothingSelected, cursor: groupKey('x') }, 'b', rows).hosts]).toEqual(['a', 'b']);
    expect(chosen({ ...nothingSelected, cursor: groupKey('x') }, ['a', 'b'])).toEqual([]);
  });

  it('adds many at once, and takes them away when none is missing', () => {
    const some = toggled(nothingSelected, 'b');
    expect(howManyOf(some.hosts, ['a', 'b'])).toBe('some');
    const all = toggledAll(some, ['a', 'b']);
    expect(howManyOf(all.hosts, ['a', 'b'])).toBe('all');
    expect([...toggledAll(toggled(all, 'd'), ['a', 'b']).hosts]).toEqual(['d']);
    expect(howManyOf(all.hosts, [])).toBe('none');
  });

  it('moves within the list and stops at its ends', () => {
    expect(moved(nothingSelected, 1, listed).cursor).toBe('a');
    expect(moved(nothingSelected, -1, listed).cursor).toBe('d');
    expect(moved({ ...nothingSelected, cursor: 'c' }, 10, listed).cursor).toBe('d');
    expect(moved({ ...nothingSelected, cursor: 'b' }, -10, listed).cursor).toBe('a');
    expect(moved(nothingSelected, 1, []).cursor).toBeNull();
  });

  it('chooses the selected, else the host under the cursor', () => {
    expect(chosen({ ...nothingSelected, cursor: 'b' }, listed)).toEqual(['b']);
    expect(chosen(toggled(toggled(nothingSelected, 'd'), 'a'), listed)).toEqual(['a', 'd']);
    expect(chosen({ ...nothingSelected, cursor: 'gone' }, listed)).toEqual([]);
  });
});
