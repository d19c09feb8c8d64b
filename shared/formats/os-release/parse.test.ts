import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseOsRelease } from './parse.ts';

test('reads quoting, comments and repeats as a shell would', () => {
  const text = `# comment
NAME="Flatcar Container Linux by Kinvolk"
ID=flatcar
VERSION='1.2 "x"'
PRETTY_NAME="a \\"b\\" \\$c \\n"
EMPTY=
PLAIN=a\\ b
not a line
  SPACED=x # why
BROKEN="open
ID=coreos\r
`;
  expect(Object.fromEntries(parseOsRelease(text))).toEqual({
    NAME: 'Flatcar Container Linux by Kinvolk',
    ID: 'coreos',
    VERSION: '1.2 "x"',
    PRETTY_NAME: 'a "b" $c \\n',
    EMPTY: '',
    PLAIN: 'a b',
    SPACED: 'x',
  });
});

test('any text is read without an error', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom('A=', '"', "'", '\\', '\n', '#'), fc.string())), (parts) => {
      expect(parseOsRelease(parts.join('')).size).toBeGreaterThanOrEqual(0);
    }),
    { seed: 11, numRuns: 500 },
  );
}, 60_000);
