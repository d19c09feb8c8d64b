import { expect, test } from 'vitest';
import { linkOfCommandLine, withView } from './deep-link.ts';

test('a link is found among other words of a command line', () => {
  expect(linkOfCommandLine(['/opt/quarterdeck', '--enable-x', 'quarterdeck://c/prod'])).toEqual({ view: '/c/prod' });
  expect(linkOfCommandLine(['/opt/quarterdeck', '.'])).toBeNull();
});

test('one that cannot be opened is told with its reason', () => {
  expect(linkOfCommandLine(['/opt/quarterdeck', `quarterdeck://${'a'.repeat(9000)}`])).toHaveProperty('refusal');
});

test('a view changes the address only after #', () => {
  expect(withView('app://quarterdeck/?cluster=demo#/fleet', '/c/prod')).toBe('app://quarterdeck/?cluster=demo#/c/prod');
});
