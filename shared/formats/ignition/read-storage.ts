import type { WrittenText } from '../provision/bundle.ts';
import { fromDataUrl } from '../provision/content.ts';
import { entryOf, flagOf, itemsOf, numberOf, textOf, valueOf } from '../provision/nodes.ts';
import { withBraces } from '../provision/placeholders.ts';
import { checkPath, idOf } from '../provision/rules.ts';
import { shown } from '../text-problem.ts';
import type { YamlNode } from '../yaml-tree/read.ts';
import type { Reading } from './read-provision.ts';

const pathsWhy = 'A change writes files; folders on the way to them are made, but no others, and no links.';
const localWhy = 'It lies beside the text where Butane runs, not here; write its text as "inline".';
const remoteWhy = 'It is fetched from another machine at the first boot; write its text here.';
const addedWhy = 'What is added to a file would be added again with each change; write the whole file.';

/** Files, and by name what else `storage` makes; owners by name are looked up among the accounts of the text. */
export function readStorage(storage: YamlNode | null, passwd: YamlNode | null, reading: Reading): void {
  const { draft } = reading;
  for (const [key, what] of [
    ['directories', 'Folder'],
    ['links', 'Link'],
    ['trees', 'Tree'],
  ] as const)
    for (const item of itemsOf(storage, key).slice(0, 200))
      draft.firstBoot.push({
        what: `${what} ${shown(textOf(item, 'path') ?? textOf(item, 'local') ?? '?')}`,
        why: key === 'trees' ? localWhy : pathsWhy,
        line: item.place.line,
      });
  const list = valueOf(storage, 'files');
  if (list?.kind === 'list')
    for (const [index, item] of list.items.entries())
      if (item.kind === 'map') readFile(item, list, index, passwd, reading);
}

function readFile(item: YamlNode, list: YamlNode, index: number, passwd: YamlNode | null, reading: Reading): void {
  const { draft, findings, target, values } = reading;
  const path = textOf(item, 'path');
  const place = valueOf(item, 'path')?.place ?? item.place;
  if (path === null) return findings.error(item.place, 'this file has no path', 'Write path: /etc/name.');
  const firstBoot = (why: string): void => {
    draft.firstBoot.push({ what: `File ${shown(path)}`, why, line: place.line });
  };
  if (target.major === 2 && (textOf(item, 'filesystem') ?? 'root') !== 'root')
    return firstBoot('It lies on a file system that the first boot makes.');
  if (!checkPath(path, place, findings)) return;
  const contents = valueOf(item, 'contents');
  const added = itemsOf(item, 'append');
  const parts = [contents, ...added].map((part) => readPart(part, list, index, item, reading));
  const why = parts.find((part) => 'why' in part)?.why;
  if (why !== undefined) return firstBoot(why);
  const readable = parts.flatMap((part) => ('text' in part ? [part] : []));
  if (readable.length < parts.length) return;
  if (flagOf(item, 'append') === true || (added.length > 0 && contents === null)) return firstBoot(addedWhy);
  if (contents === null && target.major === 3 && flagOf(item, 'overwrite') !== true)
    return firstBoot('It only makes sure that there is a file, whatever it holds.');
  const text = readable.map((part) => part.text).join('');
  const content = values ? withBraces(text, values, contents?.place ?? place, findings) : text;
  const uid = ownerId(item, 'user', passwd, reading);
  const gid = ownerId(item, 'group', passwd, reading);
  draft.files.push({
    path,
    content,
    mode: modeOf(item, reading),
    owner: uid === null || gid === null ? null : { uid, gid },
    place,
    written: added.length > 0 ? null : (readable[0]?.written ?? null),
  });
  if (path === '/etc/hostname') draft.hostname = content.trim();
}

type Part = { text: string; written: WrittenText | null } | { why: string } | { wrong: true };

function readPart(part: YamlNode | null, list: YamlNode, index: number, item: YamlNode, reading: Reading): Part {
  const owner = part ?? item;
  const from = (node: YamlNode | null, pack: WrittenText['pack'], key: string): WrittenText => ({
    node,
    pack,
    list,
    index,
    owner,
    key,
  });
  const inline = valueOf(part, 'inline');
  const packed = textOf(part, 'compression') === 'gzip';
  const butane = reading.target.spelling === 'butane';
  if (butane && inline?.kind === 'text') return { text: inline.text, written: from(inline, 'plain', 'inline') };
  if (butane && valueOf(part, 'local')) return { why: localWhy };
  const source = valueOf(part, 'source');
  if (source?.kind !== 'text' || source.text === '')
    return { text: '', written: part && from(null, butane ? 'plain' : 'data-url', butane ? 'inline' : 'source') };
  if (!/^data:/i.test(source.text)) return { why: remoteWhy };
  const decoded = fromDataUrl(source.text, packed);
  if ('text' in decoded) return { text: decoded.text, written: packed ? null : from(source, 'data-url', 'source') };
  reading.findings.error(source.place, `this content ${decoded.wrong}`, 'Write data:, and the text, percent-encoded.');
  return { wrong: true };
}

function modeOf(item: YamlNode, { findings, target }: Reading): string {
  const mode = numberOf(item, 'mode');
  const at = valueOf(item, 'mode');
  if (mode === null || at?.kind !== 'text') return '644';
  const octal = mode.toString(8).padStart(3, '0');
  if (mode < 0 || mode > 0o7777) {
    findings.error(at.place, `${shown(at.text)} is not a mode`, 'Write it in octal with a leading 0, as 0644.');
    return '644';
  }
  if (target.spelling === 'butane' && /^[1-7][0-7]{2,3}$/.test(at.text))
    findings.warning(at.place, `${at.text} is a decimal number, which is mode 0${octal}`, `Write 0${at.text}.`);
  return octal;
}

function ownerId(item: YamlNode, key: 'user' | 'group', passwd: YamlNode | null, { findings }: Reading): number | null {
  const node = valueOf(item, key);
  const id = numberOf(node, 'id');
  const name = textOf(node, 'name');
  if (id !== null && id >= 0) return id;
  if (name === null) return 0;
  const account = itemsOf(passwd, `${key}s`).find((one) => textOf(one, 'name') === name) ?? null;
  const known = idOf(name) ?? numberOf(account, key === 'user' ? 'uid' : 'gid');
  if (known !== null) return known;
  findings.error(
    entryOf(node, 'name')?.value.place ?? item.place,
    `the number of the ${key} ${shown(name)} is not the same on every host`,
    'Write id and a number. The account core is 500 on Flatcar and 1000 on Fedora CoreOS.',
  );
  return null;
}
