import { expect, test } from 'vitest';
import { defaultWaves } from '#shared/contract/change.ts';
import type { HostDrift } from '#shared/contract/document.ts';
import { changesOf, documentsOf } from './host-config.ts';

const drift = (host: string, state: HostDrift['state']): HostDrift => ({
  host,
  state,
  differs: [],
  reason: null,
  readAt: null,
});
const about = (name: string) => ({
  name,
  format: 'file' as const,
  targets: '',
  path: '/etc/motd',
  last: { revision: 1, by: 'mara', at: 0, message: '', hash: 'a' },
  problems: [],
});

test('documents that a host drifted from come first, and those for others not at all', () => {
  const found = documentsOf(
    new Map([
      ['a', { about: about('a'), drift: [drift('web-1', 'same')] }],
      ['b', { about: about('b'), drift: [drift('web-2', 'differs')] }],
      ['c', { about: about('c'), drift: [drift('web-2', 'same'), drift('web-1', 'missing')] }],
      ['d', { about: about('d') }],
    ]),
    'web-1',
  );
  expect(found.map(({ name, drift }) => [name, drift.state])).toEqual([
    ['c', 'missing'],
    ['a', 'same'],
  ]);
});

test('only changes that name the host, the newest first', () => {
  const change = (id: string, host: string, endedAt: number | null) => ({
    about: { id, title: `t${id}`, by: 'mara', at: 5, hash: 'x', hosts: 1, waves: [1], policy: defaultWaves },
    hosts: [{ host, wave: 0, state: 'done' as const, text: '', attempt: 1, startedAt: null, endedAt, accepted: null }],
  });
  const found = changesOf(
    new Map([
      ['1', change('1', 'web-1', null)],
      ['2', change('2', 'web-1', 9)],
      ['3', change('3', 'web-2', 7)],
    ]),
    'web-1',
  );
  expect(found.map(({ id, at }) => [id, at])).toEqual([
    ['2', 9],
    ['1', 5],
  ]);
});
