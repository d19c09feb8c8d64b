import type { ConfigDocument } from '../../contract/document.ts';
import { fail } from '../../contract/problem.ts';
import type { WrittenText } from '../../formats/provision/bundle.ts';
import { isNetworkFile } from '../../formats/provision/rules.ts';
import { adoptFiles } from '../document/adopt-files.ts';
import { readBundle } from '../document/read-bundle.ts';
import { secretTokens } from '../secret-tokens.ts';
import { aptEntry } from './apt-periodic.ts';
import type { FormEntry } from './form.ts';
import type { FormText } from './form-text.ts';
import { systemdEntries } from './systemd-file.ts';
import { updateConfEntry } from './update-conf.ts';
import { written } from './written.ts';
import { zincatiEntry } from './zincati.ts';

/** What a form can show of a file, told by its path; null for other files. */
export function fileKind(path: string): 'unit' | 'network' | 'update' | 'zincati' | 'apt' | null {
  if (/^\/etc\/(?:flatcar|coreos)\/update\.conf$/.test(path)) return 'update';
  if (/\/zincati\/config\.d\/[^/]+\.toml$/.test(path)) return 'zincati';
  if (/^\/etc\/apt\/apt\.conf\.d\/(?:\d+auto-upgrades|\d+unattended-upgrades|\d+periodic)$/.test(path)) return 'apt';
  if (isNetworkFile(path.slice(path.lastIndexOf('/') + 1)) || /\.network\.d\/[^/]+\.conf$/.test(path)) return 'network';
  const isUnit = /\.(?:service|socket|timer|mount|automount|swap|path|slice|target)(?:\.d\/[^/]+\.conf)?$/.test(path);
  return isUnit ? 'unit' : null;
}

/** The form of one file. */
export function fileEntry(text: FormText, title: string): FormEntry {
  const kind = fileKind(text.name);
  if (kind === 'update') return { ...updateConfEntry(text), title };
  if (kind === 'zincati') return { ...zincatiEntry(text), title };
  if (kind === 'apt') return { ...aptEntry(text), title };
  return {
    id: text.name,
    title,
    page: null,
    note: null,
    line: text.above === null ? null : text.above + 1,
    fields: [],
    within: () => systemdEntries(text),
    remove: null,
  };
}

/** The files that a document in a format of many things writes, as far as a form knows their kind; units come from its keys. */
export function filesWithin(document: ConfigDocument): FormText[] {
  const found = new Map<string, FormText>();
  // Of two files of one path the last one counts.
  for (const { path, content, written: at } of readBundle(document, null).bundle.files)
    if (at !== null && !['unit', null].includes(fileKind(path))) found.set(path, textOf(document, path, content, at));
  return [...found.values()];
}

function textOf(document: ConfigDocument, path: string, text: string, { pack, node }: WrittenText): FormText {
  const isBlock = pack === 'plain' && node?.source !== undefined && document.content.startsWith('|', node.source.from);
  return {
    name: path,
    text,
    above: isBlock ? node.place.line : null,
    put: (made) =>
      written(() => {
        // Packed, a mark that stands for a secret would be one no more.
        if (pack !== 'plain' && secretTokens(made).length > 0)
          throw fail('unsupported', `${path} holds a secret and is written packed`, { hint: 'Edit the text.' });
        return adoptFiles(document, new Map([[path, made]])).content;
      }),
  };
}
