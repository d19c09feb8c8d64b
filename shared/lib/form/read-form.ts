import type { ConfigDocument } from '../../contract/document.ts';
import { addNetwork, addUpdateConf, addZincati } from './add-file.ts';
import { cloudUpdatesEntry } from './cloud-updates.ts';
import { fileEntry, fileKind, filesWithin } from './files-within.ts';
import type { Form, FormPart } from './form.ts';
import type { FormText } from './form-text.ts';
import { TreeText } from './tree-text.ts';
import { unitsPart } from './units.ts';
import { usersPart } from './users.ts';

/** Whether there is a form for documents of this kind. */
export function hasForm({ format, file }: Pick<ConfigDocument, 'format' | 'file'>): boolean {
  return format !== 'file' || fileKind(file?.path ?? '') !== null;
}

/**
 * A document as a form. Each edit of the form answers the whole text that it makes: what it names is another then, every
 * other line is as it was, comments too.
 */
export function readForm(document: ConfigDocument): Form {
  const { format, content, name } = document;
  const put = (text: string) => text;
  if (format === 'file') {
    const path = document.file?.path ?? '';
    const entry = fileEntry({ name: path, text: content, above: 0, put }, path);
    const kind = fileKind(path);
    const part = entry.within();
    if (kind === 'unit') return formOf({ id: 'units', title: 'Settings of the unit', ...part });
    if (kind === 'network') return formOf({ id: 'network', title: 'Settings of the network', ...part });
    return formOf({ id: 'updates', title: 'Settings of updates', entries: [entry], adds: [] });
  }
  const tree = new TreeText({ name, text: content, above: 0, put }, format === 'ignition');
  const problem = tree.problem ?? (tree.root === null || tree.root.kind === 'map' ? null : notKeys(name));
  if (problem) return { parts: [], problem };
  const files = filesWithin(document);
  return formOf(
    usersPart(tree, format),
    unitsPart(tree, format),
    networkPart(tree, document, files),
    updatesPart(tree, document, files),
  );
}

function networkPart(tree: TreeText, { format }: ConfigDocument, files: readonly FormText[]): FormPart {
  const texts = files.filter(({ name }) => fileKind(name) === 'network');
  const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  return {
    id: 'network',
    title: 'Network',
    entries: texts.map((text) => fileEntry(text, baseName(text.name))),
    adds: [addNetwork(tree, format, new Set(texts.map(({ name }) => baseName(name))))],
  };
}

function updatesPart(tree: TreeText, { format }: ConfigDocument, files: readonly FormText[]): FormPart {
  const texts = files.filter(({ name }) => ['update', 'zincati', 'apt'].includes(fileKind(name) ?? ''));
  const has = (kind: string) => texts.some(({ name }) => fileKind(name) === kind);
  const variant = tree.textAt(['variant']);
  const isCloud = format === 'cloud-config';
  return {
    id: 'updates',
    title: 'Updates',
    entries: [...(isCloud ? [cloudUpdatesEntry(tree)] : []), ...texts.map((text) => fileEntry(text, text.name))],
    adds: [
      ...(isCloud || variant === 'fcos' || has('update') ? [] : [addUpdateConf(tree, format)]),
      ...(isCloud || variant === 'flatcar' || has('zincati') ? [] : [addZincati(tree, format)]),
    ],
  };
}

function formOf(...parts: readonly FormPart[]): Form {
  return { parts, problem: null };
}

function notKeys(file: string): Form['problem'] {
  return { code: 'invalid-input', message: 'the text is not a mapping of keys', place: { file, line: 1 } };
}
