import type { Draft } from '../provision/bundle.ts';
import { asText, type Decoded, fromBase64, unpacked } from '../provision/content.ts';
import { entryOf, textOf, valueOf } from '../provision/nodes.ts';
import { checkPath, readOwner, root } from '../provision/rules.ts';
import type { Findings } from '../finding.ts';
import { shown } from '../text-problem.ts';
import type { YamlNode } from '../yaml-tree/read.ts';

/** Files of `write_files`. Without permissions a file gets 644, without an owner root, as coreos-cloudinit does. */
export function readFiles(list: YamlNode | null, draft: Draft, findings: Findings): void {
  if (list?.kind !== 'list') return;
  for (const [index, item] of list.items.entries()) {
    if (item.kind !== 'map') continue;
    const at = entryOf(item, 'path');
    const path = textOf(item, 'path');
    if (path === null || !at) {
      findings.error(item.place, 'this file has no path', 'Write path: /etc/name.');
      continue;
    }
    if (!checkPath(path, at.value.place, findings)) continue;
    if (path.startsWith('/usr/')) {
      findings.error(
        at.value.place,
        `${shown(path)} is below /usr, which is read-only`,
        'Write it below /etc or /opt.',
      );
      continue;
    }
    const owner = textOf(item, 'owner');
    const ownerPlace = valueOf(item, 'owner')?.place ?? item.place;
    const ids = owner === null ? root : readOwner(owner, ownerPlace, findings);
    const encoding = textOf(item, 'encoding') ?? '';
    const content = valueOf(item, 'content');
    const decoded = decode(content?.kind === 'text' ? content.text : '', encoding);
    if ('wrong' in decoded) {
      findings.error(content?.place ?? item.place, `the content of ${shown(path)} ${decoded.wrong}`);
      continue;
    }
    const pack = encoding === '' ? 'plain' : encoding.startsWith('b') ? 'base64' : null;
    draft.files.push({
      path,
      content: decoded.text,
      mode: modeOf(textOf(item, 'permissions')),
      owner: ids,
      place: at.value.place,
      written: pack === null ? null : { node: content, pack, list, index, owner: item, key: 'content' },
    });
  }
}

function decode(content: string, encoding: string): Decoded {
  if (encoding === '') return content.includes('\0') ? { wrong: 'holds a NUL, which no text does' } : { text: content };
  const packed = encoding.startsWith('g');
  if (packed && !encoding.includes('+'))
    return { wrong: 'is packed without base64, which YAML cannot hold; write the encoding gzip+base64' };
  const bytes = fromBase64(content);
  if (bytes === null) return { wrong: `cannot be decoded as ${shown(encoding)}` };
  return packed ? unpacked(bytes, true) : asText(bytes);
}

/** Octal without a leading zero; 644 when it says nothing, or nothing that can be read (which the check of keys says). */
function modeOf(text: string | null): string {
  if (text === null || !/^0?[0-7]{3,4}$/.test(text)) return '644';
  return text.replace(/^0+/, '').padStart(3, '0').slice(-4);
}
