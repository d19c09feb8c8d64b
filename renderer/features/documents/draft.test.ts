import { expect, test } from 'vitest';
import type { ConfigDocument } from '#shared/contract/document.ts';
import { draftOf, isEdited, keptDrafts, wrongIn } from './draft.ts';

const document: ConfigDocument = {
  name: 'motd',
  format: 'file',
  targets: '',
  file: { path: '/etc/motd', mode: null, owner: null, actions: [] },
  content: 'hello\n',
};

test('a draft is edited when any of what it says differs', () => {
  const draft = draftOf(document, 3);
  expect(isEdited(draft)).toBe(false);
  expect(isEdited({ ...draft, document: { ...document, targets: 'label:role=web' } })).toBe(true);
  expect(isEdited({ ...draft, message: 'why' })).toBe(false);
});

test('what is typed is kept until it is as it was, or dropped', () => {
  const typed = { ...draftOf(document, 3), document: { ...document, content: 'bye\n' } };
  keptDrafts.put('lab', 'motd', typed);
  expect([keptDrafts.get('lab', 'motd'), keptDrafts.get('other', 'motd')]).toEqual([typed, null]);
  keptDrafts.put('lab', 'motd', draftOf(document, 3));
  expect(keptDrafts.get('lab', 'motd')).toBeNull();
  keptDrafts.put('lab', 'motd', typed);
  keptDrafts.drop('lab', 'motd');
  expect(keptDrafts.get('lab', 'motd')).toBeNull();
});

test('says which field keeps a document from being saved', () => {
  expect(wrongIn(document)).toBeNull();
  expect(wrongIn({ ...document, name: 'No Name' })?.field).toBe('name');
  expect(wrongIn({ ...document, file: { path: 'etc', mode: null, owner: null, actions: [] } })?.message).toBe(
    'The path is not an absolute path of a file.',
  );
  expect(wrongIn({ ...document, file: null })?.message).toContain('a path is for the format');
});
