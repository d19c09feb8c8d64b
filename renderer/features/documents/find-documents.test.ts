import { expect, test } from 'vitest';
import type { DocumentAbout } from '#shared/contract/document.ts';
import { findDocuments } from './find-documents.ts';

const about = (name: string, more: Partial<DocumentAbout>): DocumentAbout => ({
  name,
  format: 'file',
  targets: '',
  path: null,
  last: { revision: 1, by: 'mara', at: 0, message: '', hash: 'a' },
  problems: [],
  ...more,
});
const documents = new Map([
  ['sysctl', { about: about('sysctl', { path: '/etc/sysctl.d/90-fleet.conf' }) }],
  ['base', { about: about('base', { format: 'butane', targets: 'label:role=web' }) }],
  ['half', {}],
]);

test('every word has to be found somewhere, and names come in order', () => {
  expect(findDocuments(documents, '')).toEqual(['base', 'sysctl']);
  expect(findDocuments(documents, '90-FLEET')).toEqual(['sysctl']);
  expect(findDocuments(documents, 'butane role=web mara')).toEqual(['base']);
  expect(findDocuments(documents, 'butane jonas')).toEqual([]);
});
