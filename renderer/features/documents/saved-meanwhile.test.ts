import { expect, test } from 'vitest';
import type { ConfigDocument } from '#shared/contract/document.ts';
import { draftOf } from './draft.ts';
import { mergedDraft } from './saved-meanwhile.tsx';

const document = (content: string, targets = ''): ConfigDocument => ({
  name: 'sysctl',
  format: 'file',
  targets,
  file: { path: '/etc/sysctl.d/a.conf', mode: null, owner: null, actions: [] },
  content,
});
const revision = { revision: 4, by: 'jonas', at: 0, message: '', hash: 'a' };
const base = document('a = 1\nb = 2\nc = 3\nd = 4\n');
const typed = (content: string, targets = '') => ({ ...draftOf(base, 3), document: document(content, targets) });

test('edits of different places are brought together on top of the newer revision', () => {
  const merged = mergedDraft(typed('a = 9\nb = 2\nc = 3\nd = 4\n'), {
    revision,
    document: document('a = 1\nb = 2\nc = 3\nd = 8\n', 'label:role=web'),
  });
  expect(merged?.document).toEqual(document('a = 9\nb = 2\nc = 3\nd = 8\n', 'label:role=web'));
  expect(merged?.base).toBe(4);
});

test('nothing is brought together where both changed the same place', () => {
  const theirs = { revision, document: document('a = 7\nb = 2\nc = 3\nd = 4\n') };
  expect(mergedDraft(typed('a = 9\nb = 2\nc = 3\nd = 4\n'), theirs)).toBeNull();
  const targeted = { revision, document: document(base.content, 'label:role=web') };
  expect(mergedDraft(typed(base.content, 'label:role=db'), targeted)).toBeNull();
});
