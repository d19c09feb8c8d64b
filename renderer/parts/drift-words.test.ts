import { expect, test } from 'vitest';
import type { ConfigDocument, HostDrift } from '#shared/contract/document.ts';
import { documentTexts, driftedHosts, driftWord, foldDrift, forWhom, whatItIs, whyDrifted } from './drift-words.ts';

const drift = (host: string, state: HostDrift['state'], more: Partial<HostDrift> = {}): HostDrift => ({
  host,
  state,
  differs: [],
  reason: null,
  readAt: null,
  ...more,
});
const document: ConfigDocument = {
  name: 'motd',
  format: 'file',
  targets: '',
  file: { path: '/etc/motd', mode: '644', owner: null, actions: [{ verb: 'restart', unit: 'a.service' }] },
  content: 'hello\n',
};

test('hosts are folded by state, those that need a person first', () => {
  const fold = foldDrift([drift('a', 'same'), drift('b', 'missing'), drift('c', 'same'), drift('d', 'differs')]);
  expect(fold.map(({ state, hosts }) => [state, hosts.map(({ host }) => host)])).toEqual([
    ['differs', ['d']],
    ['missing', ['b']],
    ['same', ['a', 'c']],
  ]);
});

test('a host that drifted from two documents counts once, one that cannot be reached not at all', () => {
  const hosts = driftedHosts(
    new Map([
      ['one', { drift: [drift('a', 'differs'), drift('b', 'unreachable')] }],
      ['two', { drift: [drift('a', 'missing'), drift('c', 'same')] }],
      ['three', {}],
    ]),
  );
  expect([...hosts]).toEqual(['a']);
});

test('every state says why in words', () => {
  const differs = [
    { what: '/etc/motd', how: 'its text differs; its mode is 644, not 600', path: '/etc/motd' },
    { what: 'a.service', how: 'it is disabled, and should be enabled', path: null },
  ];
  expect(whyDrifted(drift('a', 'differs', { differs }))).toBe(
    '/etc/motd: its text differs; its mode is 644, not 600 · a.service: it is disabled, and should be enabled',
  );
  const reason = { code: 'permission', message: 'not for this user', hint: 'Give the password.' } as const;
  expect(whyDrifted(drift('a', 'unreadable', { reason, differs }))).toBe('not for this user. Give the password.');
  expect(whyDrifted(drift('a', 'same'))).toBe('');
});

test('one host differs, two differ, and any number is the same', () => {
  expect([driftWord('differs', 1), driftWord('differs', 2), driftWord('same', 2)]).toEqual([
    'differs',
    'differ',
    'same',
  ]);
});

test('what a document is and whom it is for', () => {
  expect(whatItIs({ format: 'file', path: '/etc/motd' })).toBe('/etc/motd');
  expect(whatItIs({ format: 'butane', path: null })).toBe('Butane');
  expect([forWhom(' '), forWhom('label:role=web')]).toEqual(['every host', 'label:role=web']);
});

test('only the text is compared where nothing else differs; else what differs is in it', () => {
  expect(documentTexts(document, { ...document, content: 'bye\n' })).toEqual({ before: 'hello\n', after: 'bye\n' });
  const { before, after } = documentTexts(document, {
    ...document,
    targets: 'label:role=web',
    file: null,
    format: 'butane',
  });
  expect(before).toBe('for: every host\nis: /etc/motd\nmode: 644\nowner: as it is\nthen: restart a.service\n\nhello\n');
  expect(after).toBe('for: label:role=web\nis: Butane\n\nhello\n');
});
