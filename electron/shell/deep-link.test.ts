import { expect, test } from 'vitest';
import { viewOfCommandLine, viewOfLink, withView } from './deep-link.ts';

test.each([
  ['quarterdeck://c/prod/fleet?q=health:failing', '/c/prod/fleet?q=health:failing'],
  ['QUARTERDECK://c/prod', '/c/prod'],
  ['quarterdeck:///c/prod', '/c/prod'],
  ['quarterdeck://', '/'],
])('%s names %s', (link, view) => {
  expect(viewOfLink(link)).toBe(view);
});

test.each([
  'https://c/prod',
  'quarterdeck:c/prod',
  'quarterdeck://a b',
  'quarterdeck://<script>',
  'quarterdeck://a#b',
  'quarterdeck://a\nb',
  `quarterdeck://${'a'.repeat(2000)}`,
])('%j is no link', (link) => {
  expect(viewOfLink(link)).toBeNull();
});

test('a link is found among other words of a command line', () => {
  expect(viewOfCommandLine(['/opt/quarterdeck', '--enable-x', 'quarterdeck://c/prod'])).toBe('/c/prod');
  expect(viewOfCommandLine(['/opt/quarterdeck', '.'])).toBeNull();
});

test('a view changes the address only after #', () => {
  expect(withView('app://quarterdeck/?cluster=demo#/fleet', '/c/prod')).toBe('app://quarterdeck/?cluster=demo#/c/prod');
});
