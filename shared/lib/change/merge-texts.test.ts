import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasConflictMarks, mergeTexts } from './merge-texts.ts';

const line = fc.constantFrom('', 'a = 1', 'b = 2', 'c = 3', '# said', '\r', '  d');
const text = fc.array(line, { maxLength: 14 }).map((lines) => lines.join('\n'));

describe('merging texts', () => {
  it('takes from each what only that one changed', () => {
    expect(mergeTexts('a\nb\nc\nd\ne\n', 'a\nB\nc\nd\ne\n', 'a\nb\nc\nd\nE\nf\n')).toEqual({
      merged: 'a\nB\nc\nd\nE\nf\n',
      conflicts: [],
    });
  });
  it('marks what both changed, and loses neither', () => {
    const { merged, conflicts } = mergeTexts('x\nport 22\ny\n', 'x\nport 2222\ny\n', 'x\nport 24\ny\n');
    expect(merged).toBe('x\n<<<<<<< on the host\nport 2222\n=======\nport 24\n>>>>>>> yours\ny\n');
    expect(conflicts).toEqual([{ line: 2, base: 'port 22', theirs: 'port 2222', yours: 'port 24' }]);
    expect(hasConflictMarks(merged)).toBe(true);
    expect(hasConflictMarks('x\nport 24\n')).toBe(false);
  });
  it('is the other text where one is unchanged, and either where both are alike', () => {
    fc.assert(
      fc.property(text, text, (base, other) => {
        const clean = { merged: other, conflicts: [] };
        expect(mergeTexts(base, base, other)).toEqual(clean);
        expect(mergeTexts(base, other, base)).toEqual(clean);
        expect(mergeTexts(base, other, other)).toEqual(clean);
      }),
    );
  });
  it('holds every line that one of the two added, merged or between marks', () => {
    fc.assert(
      fc.property(text, text, text, (base, theirs, yours) => {
        const { merged, conflicts } = mergeTexts(base, theirs, yours);
        const lines = new Set(merged.split('\n'));
        const old = new Set(base.split('\n'));
        const added = [...theirs.split('\n'), ...yours.split('\n')].filter((one) => !old.has(one));
        expect(added.filter((one) => !lines.has(one))).toEqual([]);
        expect(hasConflictMarks(merged)).toBe(conflicts.length > 0);
        for (const { line } of conflicts) expect(merged.split('\n')[line - 1]).toBe('<<<<<<< on the host');
      }),
    );
  });
  it('bears texts of 256 KiB whose lines are all alike', () => {
    const size = 262_144;
    const alike = (first: string, last: string) => `${first}\n${'\n'.repeat(size)}${last}`;
    const { conflicts } = mergeTexts(alike('a', 'b'), alike('c', 'd'), alike('e', 'f'));
    expect(conflicts).toHaveLength(1);
    const half = (last: string) => `${'x\n'.repeat(size / 2)}${last}`;
    expect(mergeTexts(half('a'), `new\n${half('a')}`, half('b')).conflicts.length).toBeLessThan(2);
  });
});
