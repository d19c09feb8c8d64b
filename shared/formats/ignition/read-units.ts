import type { UnitStep } from '#shared/contract/change.ts';
import type { WrittenText } from '../provision/bundle.ts';
import { entryOf, flagOf, textOf, valueOf } from '../provision/nodes.ts';
import { withBraces } from '../provision/placeholders.ts';
import { checkDropIn, root, unitFolder } from '../provision/rules.ts';
import type { YamlNode, YamlPlace } from '../yaml-tree/read.ts';
import type { Reading } from './read-provision.ts';

const localWhy = 'Its text lies beside this one where Butane runs, not here; write it as "contents".';

/**
 * Units with their drop-ins. A first boot starts what is enabled; so a unit that is enabled here is started, or
 * started again where its files are given. Drop-ins alone start their unit again.
 */
export function readUnits(list: YamlNode | null, reading: Reading): void {
  if (list?.kind !== 'list') return;
  for (const [index, item] of list.items.entries()) {
    if (item.kind !== 'map') continue;
    const { findings, draft } = reading;
    const place = entryOf(item, 'name')?.value.place ?? item.place;
    const name = textOf(item, 'name');
    if (name === null) {
      findings.error(item.place, 'this unit has no name', 'Write name: web.service.');
      continue;
    }
    const folder = unitFolder(name, place, findings);
    if (folder === null) continue;
    const mask = flagOf(item, 'mask');
    const written = { pack: 'plain', list, index, owner: item, key: 'contents' } as const;
    const hasContent = mask !== true && addText(`${folder}/${name}`, item, item.place, written, reading);
    const hasDropIns = mask !== true && readDropIns(item, `${folder}/${name}.d`, reading);
    if (folder.endsWith('/network')) continue;
    const enable = flagOf(item, 'enabled') ?? flagOf(item, 'enable');
    const command = mask === true ? null : commandFor(enable, hasContent, hasDropIns);
    draft.units.push({ name, hasContent, hasDropIns, mask, enable, command, place });
  }
}

function commandFor(enable: boolean | null, hasContent: boolean, hasDropIns: boolean): UnitStep['verb'] | null {
  if (enable === true) return hasContent || hasDropIns ? 'restart' : 'start';
  return hasDropIns && !hasContent ? 'restart' : null;
}

function readDropIns(unit: YamlNode, folder: string, reading: Reading): boolean {
  const list = valueOf(unit, 'dropins');
  let some = false;
  if (list?.kind !== 'list') return some;
  for (const [index, item] of list.items.entries()) {
    if (item.kind !== 'map') continue;
    const place = entryOf(item, 'name')?.value.place ?? item.place;
    const name = textOf(item, 'name') ?? '';
    if (!checkDropIn(name, place, reading.findings)) continue;
    const written = { pack: 'plain', list, index, owner: item, key: 'contents' } as const;
    some = addText(`${folder}/${name}`, item, place, written, reading) || some;
  }
  return some;
}

/** Adds the file that an item's `contents` makes; an empty text makes none, as in Ignition. */
function addText(
  path: string,
  item: YamlNode,
  place: YamlPlace,
  written: Omit<WrittenText, 'node'>,
  { draft, findings, values }: Reading,
): boolean {
  const node = valueOf(item, 'contents');
  const local = entryOf(item, 'contents_local');
  if (local) draft.firstBoot.push({ what: `File ${path}`, why: localWhy, line: local.keyPlace.line });
  if (node?.kind !== 'text' || node.text === '') return false;
  const content = values ? withBraces(node.text, values, node.place, findings) : node.text;
  draft.files.push({ path, content, mode: '644', owner: root, place, written: { ...written, node } });
  return true;
}
