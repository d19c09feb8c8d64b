import { expect, test } from 'vitest';
import { cleanLine, cleanText } from './clean-text.ts';

test('escape sequences become visible and cannot restyle anything', () => {
  expect(cleanText('\u001b[31mred\u001b[0m\u0007')).toBe('␛[31mred␛[0m␇');
});

test('line feeds and tabs stay, carriage returns of DOS lines go', () => {
  expect(cleanText('a\r\nb\tc\rd')).toBe('a\nb\tc␍d');
});

test('direction overrides cannot reorder what is read', () => {
  expect(cleanText('safe\u202eexe.txt')).toBe('safe\ufffdexe.txt');
});

test('a line is one line and bounded', () => {
  expect(cleanLine('a\nb\n')).toBe('a b');
  expect(cleanLine('x'.repeat(20), 10)).toBe(`${'x'.repeat(9)}…`);
});
