import { expect, test } from 'vitest';
import type { ConfigDocument, HostDrift } from '#shared/contract/document.ts';
import { findClashes } from './clashes.ts';
import { correctionOf, type KnownHosts } from './correct.ts';
import { type LiveDocument, liveDocument } from './document-record.ts';
import { unread } from './drift/host-reading.ts';

function live(name: string, path: string, hosts: string[]): LiveDocument {
  const actions = [
    { verb: 'enable' as const, unit: 'a.service' },
    { verb: 'restart' as const, unit: 'a.service' },
  ];
  const document: ConfigDocument = {
    name,
    format: 'file',
    targets: '',
    file: { path, mode: null, owner: null, actions },
    content: 'a\n',
  };
  const revision = { revision: 3, by: 'ada', at: 0, message: '', hash: 'x' };
  const made = liveDocument(name, { document, revision });
  if (!made) throw new Error('there is no document');
  for (const host of hosts) made.hosts.add(host);
  return made;
}

const file = (hash: string) => ({
  found: { kind: 'file', state: { kind: 'file', hash, mode: '644', uid: 0, gid: 0 } } as never,
  readAt: 1,
  asRoot: false,
});

function known(drift: Record<string, Partial<HostDrift>>, documents: LiveDocument[] = []): KnownHosts {
  const clashes = findClashes(documents);
  return {
    driftOf: ({ document }, host) => ({
      host,
      state: 'differs',
      differs: [{ what: document.file?.path ?? '', how: 'its text differs', path: document.file?.path ?? null }],
      reason: null,
      readAt: 1,
      ...drift[host],
    }),
    renderedFor: ({ rendering }) => rendering.plain,
    readingOf: (host) => ({ ...unread, files: new Map([['/etc/a', file(host.repeat(2))]]) }),
    clashesOf: (name) => clashes.get(name) ?? [],
  };
}

test('hosts with the same result share a part, each with the hash that was read of it', () => {
  const one = live('one', '/etc/a', ['h1', 'h2', 'h3']);
  const { draft, leftOut } = correctionOf([one], null, known({ h2: { state: 'same' } }));
  expect(leftOut).toEqual([]);
  expect(draft?.title).toBe('Bring one to revision 3');
  expect(draft?.parts).toMatchObject([
    { hosts: ['h1', 'h3'], files: [{ path: '/etc/a', content: 'a\n', seen: { h1: 'h1h1', h3: 'h3h3' } }] },
  ]);
  expect(draft?.parts[0]?.gates).toContainEqual({ kind: 'unit-active', unit: 'a.service', settleS: 5 });
});

test('where only a unit stands otherwise nothing is restarted, and no file is touched', () => {
  const differs = [{ what: 'a.service', how: 'it is disabled', path: null }];
  const { draft } = correctionOf([live('one', '/etc/a', ['h1'])], null, known({ h1: { differs } }));
  expect(draft?.parts).toMatchObject([{ files: [], actions: [{ verb: 'enable', unit: 'a.service' }] }]);
});

test('hosts that cannot be brought there are left out with the reason, and nothing is made up', () => {
  const one = live('one', '/etc/a', ['h1', 'h2']);
  const reason = { code: 'unreachable' as const, message: 'not connected: lost' };
  const { draft, leftOut } = correctionOf(
    [one],
    ['h1', 'h2', 'h9'],
    known({ h1: { state: 'unreachable', reason }, h2: { state: 'unknown' } }),
  );
  expect(draft).toBe(null);
  expect(leftOut.map(({ host, reason: why }) => [host, why.code, why.message])).toEqual([
    ['h1', 'unreachable', 'one: not connected: lost'],
    ['h2', 'busy', 'one: it was not read yet'],
    ['h9', 'not-found', 'one is not for it'],
  ]);
});

test('two documents that name one path are both refused for the hosts they share, and only for those', () => {
  const documents = [live('one', '/etc/a', ['h1', 'h2']), live('two', '/etc/a', ['h2', 'h3'])];
  const { draft, leftOut } = correctionOf(documents, null, known({}, documents));
  expect(draft?.parts.map(({ hosts }) => hosts)).toEqual([['h1'], ['h3']]);
  expect(leftOut.map(({ host, reason }) => `${host} ${reason.message}`)).toEqual([
    'h2 one: two names /etc/a for this host too',
    'h2 two: one names /etc/a for this host too',
  ]);
});
