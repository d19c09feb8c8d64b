import { expect, test } from 'vitest';
import { defaultWaves } from '#shared/contract/change.ts';
import { printWaveSizes, readWaveSizes } from './wave-sizes.ts';

test.each([
  ['1, 3, 8', '1, 3, 8'],
  ['1,10%,50 % , all', '1, 10 %, 50 %, all'],
  ['2; rest', '2, all'],
  ['100 %', 'all'],
  ['2.5 %', '2.5 %'],
])('%s is %s', (text, printed) => {
  const waves = readWaveSizes(text);
  expect(Array.isArray(waves) && printWaveSizes(waves)).toBe(printed);
});

test.each([
  ['', 'no size'],
  ['1, many', 'many'],
  ['1, 0', '0'],
  ['101 %', '101 %'],
  ['-3', '-3'],
  ['1.5', '1.5'],
  ['0.5 %', '0.5 %'],
  [Array.from({ length: 21 }, () => '1').join(), 'more than 20 waves'],
])('%s cannot be read: %s', (text, wrong) => {
  expect(readWaveSizes(text)).toEqual({ wrong });
});

test('the usual waves are printed as they are read', () => {
  expect(readWaveSizes(printWaveSizes(defaultWaves.waves))).toEqual(defaultWaves.waves);
});
