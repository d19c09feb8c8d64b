import { expect, test } from 'vitest';
import { longestLink, readLink } from './deep-link.ts';

test.each([
  ['quarterdeck://c/prod/fleet?q=health:failing', '/c/prod/fleet?q=health:failing'],
  ['QUARTERDECK://c/prod', '/c/prod'],
  ['quarterdeck:///c/prod', '/c/prod'],
  ['quarterdeck://', '/'],
])('%s names %s', (link, view) => {
  expect(readLink(link)).toEqual({ view });
});

test.each(['https://c/prod', 'quarterdeck:c/prod', 'c/prod', ''])('%j is not meant as a link', (link) => {
  expect(readLink(link)).toBeNull();
});

test.each(['quarterdeck://a b', 'quarterdeck://<script>', 'quarterdeck://a#b', 'quarterdeck://a\nb'])(
  '%j is refused with the reason',
  (link) => {
    expect(readLink(link)).toEqual({ refusal: expect.stringContaining('not whole') });
  },
);

test('the longest link opens, one character more is refused by its length', () => {
  const link = 'quarterdeck://'.padEnd(longestLink, 'a');
  expect(readLink(link)).toHaveProperty('view');
  expect(readLink(`${link}a`)).toEqual({ refusal: expect.stringContaining('8001 characters') });
});
