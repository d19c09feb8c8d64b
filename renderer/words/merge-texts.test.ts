import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeTexts } from './merge-texts.ts';

it('joins what was changed in different places', () => {
  const merged = mergeTexts('a\nb\nc\nd\n', 'A\nb\nc\nd\n', 'a\nb\nc\nD\n');
  expect(merged).toEqual({ text: 'A\nb\nc\nD\n', conflicts: 0 });
});

it('marks what was changed differently in one place', () => {
  expect(mergeTexts('a\nb\n', 'a\nx\n', 'a\ny\n')).toEqual({
    text: 'a\n<<<<<<< yours\ny\n=======\nx\n>>>>>>> theirs\n',
    conflicts: 1,
  });
});

it('takes over what only one of the two changed, whatever it is', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', '', 'long line'), { maxLength: 12 })
    .map((lines) => lines.join('\n'));
  const checked = fc.check(
    fc.property(text, text, (base, other) => {
      const [theirs, yours] = [mergeTexts(base, other, base), mergeTexts(base, base, other)];
      return theirs.text === other && yours.text === other && theirs.conflicts + yours.conflicts === 0;
    }),
  );
  expect(checked.counterexample).toBeNull();
});
