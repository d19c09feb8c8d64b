import { expect, test } from 'vitest';
import type { ComparedFile } from '#shared/contract/change.ts';
import { foldFiles, foldWords, groupSign } from './fold-files.ts';

const file = (host: string, hash: string, modifiedAt = 1, mode = '644'): ComparedFile => ({
  host,
  kind: 'file',
  hash,
  mode,
  owner: '0:0',
  modifiedAt,
  reason: null,
});
const none = (host: string, kind: ComparedFile['kind'], message = ''): ComparedFile => ({
  ...file(host, ''),
  kind,
  mode: '',
  owner: '',
  modifiedAt: null,
  reason: kind === 'failed' ? { code: 'unreachable', message, host } : null,
});

test('equal files are one group, the largest first, then other files, then hosts without one', () => {
  const groups = foldFiles([
    none('a', 'absent'),
    file('b', 'odd'),
    file('c', 'same', 5),
    none('d', 'failed', 'not connected: no route'),
    file('e', 'same', 9),
    none('f', 'failed', 'not connected: no route'),
    file('g', 'same', 7, '600'),
  ]);
  expect(groups.map(({ hosts, modifiedAt }) => [hosts.join(' '), modifiedAt])).toEqual([
    ['c e', 9],
    ['b', 1],
    ['g', 7],
    ['a', null],
    ['d f', null],
  ]);
  expect(groups.map((group) => groupSign(group, groups[0]).word)).toEqual([
    'same',
    'differs',
    'other mode or owner',
    'missing',
    'not reached',
  ]);
  expect(foldWords(groups)).toBe('2 same · 2 differ · 1 missing · 2 not read');
});

test('what there is none of is not counted', () => {
  expect(foldWords(foldFiles([file('a', 'x'), file('b', 'x'), file('c', 'y')]))).toBe('2 same · 1 differs');
  expect(foldWords(foldFiles([none('a', 'absent'), none('b', 'unreadable')]))).toBe('1 missing · 1 not read');
});
