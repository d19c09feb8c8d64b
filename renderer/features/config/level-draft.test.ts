import { expect, it } from 'vitest';
import type { FileGroup } from './fold-files.ts';
import { levelDraft } from './level-draft.ts';

const group = (kind: FileGroup['kind'], hash: string, hosts: string[], mode = '640'): FileGroup => ({
  key: `${kind} ${hash} ${mode}`,
  kind,
  hash,
  mode,
  owner: '7:8',
  hosts,
  modifiedAt: null,
  reason: null,
});
const most = group('file', 'a', ['n1', 'n2', 'n3']);
const other = group('file', 'b', ['n4']);
const loose = group('file', 'a', ['n5'], '666');
const absent = group('absent', '', ['n6']);
const groups = [most, other, loose, absent];
const texts = { a: 'as most\n', b: 'other\n' };

it('gives one odd group what most have, with its mode and owner, resting on what was seen', () => {
  const level = levelDraft('/etc/nginx/x.conf', groups, other, texts);
  expect(level?.draft.parts).toMatchObject([
    {
      hosts: ['n4'],
      files: [{ content: 'as most\n', mode: '640', owner: { uid: 7, gid: 8 }, seen: { n4: 'b' } }],
      actions: [{ verb: 'reload', unit: 'nginx.service' }],
    },
  ]);
  expect(levelDraft('/etc/x', groups, absent, texts)?.draft.parts[0]?.files[0]?.seen).toEqual({ n6: null });
});

it('makes all that have it in another form alike where the largest is shown, not those without it', () => {
  expect(levelDraft('/etc/x', groups, most, texts)?.hosts).toEqual(['n4', 'n5']);
});

it('offers nothing where all are alike, or the text cannot be had', () => {
  expect(levelDraft('/etc/x', [most], most, texts)).toBeNull();
  expect(levelDraft('/etc/x', groups, other, {})).toBeNull();
  expect(levelDraft('/etc/x', [group('failed', '', ['n9'])], group('failed', '', ['n9']), texts)).toBeNull();
});
