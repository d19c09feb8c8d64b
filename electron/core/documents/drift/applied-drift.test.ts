import { expect, test } from 'vitest';
import type { FileState } from '#shared/contract/change.ts';
import { sha256 } from '../../changes/plan-hash.ts';
import type { FoundFile } from '../../changes/read-files.ts';
import { appliedDrift } from './applied-drift.ts';
import { unread } from './host-reading.ts';

const change = { id: '20261101-abcdef', title: 'Raise the limit', by: 'mara', at: 5 };
const left = (text: string): FileState => ({ kind: 'file', hash: sha256(text), mode: '644', uid: 0, gid: 0 });
const found = (text: string): FoundFile => ({
  kind: 'file',
  state: { kind: 'file', hash: sha256(text), mode: '644', uid: 0, gid: 0 },
  bytes: text.length,
  modifiedS: 0,
  label: null,
  text: null,
});

function standing(after: FileState, now: FoundFile | null, { named = [] as string[], since = 0 } = {}) {
  const files = new Map(now ? [['/etc/x', { found: now, readAt: 10, asRoot: false }]] : []);
  return appliedDrift([{ path: '/etc/x', after, change }], new Set(named), { ...unread, files }, since);
}

test('a file that a change wrote and that is otherwise now has drifted, with the change that wrote it', () => {
  expect(standing(left('a'), found('a'))).toEqual({ files: 1, unknown: 0, differs: [], readAt: 10 });
  expect(standing(left('a'), found('b')).differs).toEqual([
    { path: '/etc/x', state: 'differs', how: 'its text differs', change },
  ]);
  expect(standing(left('a'), { kind: 'absent' }).differs[0]).toMatchObject({ state: 'missing', how: 'is missing' });
  expect(standing({ kind: 'absent' }, found('a')).differs[0]).toMatchObject({ how: 'is there, and should not be' });
});

test('of a file that a document names the document tells; of what was not read since the change nothing is said', () => {
  expect(standing(left('a'), found('b'), { named: ['/etc/x'] })).toEqual({
    files: 0,
    unknown: 0,
    differs: [],
    readAt: null,
  });
  expect(standing(left('a'), found('b'), { since: 11 })).toEqual({ files: 1, unknown: 1, differs: [], readAt: null });
  expect(standing(left('a'), null).unknown).toBe(1);
  expect(standing(left('a'), { kind: 'unreadable' }).unknown).toBe(1);
});
