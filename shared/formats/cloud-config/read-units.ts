import type { Draft } from '../provision/bundle.ts';
import { entryOf, flagOf, itemsOf, textOf, valueOf } from '../provision/nodes.ts';
import { checkDropIn, root, unitFolder } from '../provision/rules.ts';
import type { Findings } from '../finding.ts';
import { shown } from '../text-problem.ts';
import type { YamlNode } from '../yaml-tree/read.ts';

const verbs = ['start', 'stop', 'restart', 'reload', 'reload-or-restart'] as const;

/**
 * Units of `coreos.units`. What a boot would write again below /run is kept below /etc. A `start` of a unit whose files
 * are given here becomes a restart, because otherwise a running one would stay as it was; so does a drop-in alone.
 */
export function readUnits(list: YamlNode | null, draft: Draft, findings: Findings): void {
  if (list?.kind !== 'list') return;
  const given = new Set(draft.files.map(({ path }) => path.slice(0, path.lastIndexOf('/'))));
  for (const [index, item] of list.items.entries()) {
    if (item.kind !== 'map') continue;
    const place = entryOf(item, 'name')?.value.place ?? item.place;
    const name = textOf(item, 'name');
    if (name === null) {
      findings.error(item.place, 'this unit has no name', 'Write name: web.service.');
      continue;
    }
    const folder = unitFolder(name, place, findings);
    if (folder === null) continue;
    const masked = flagOf(item, 'mask') === true;
    const content = valueOf(item, 'content');
    const hasContent = content?.kind === 'text' && !masked;
    if (hasContent)
      draft.files.push({
        path: `${folder}/${name}`,
        content: content.text,
        mode: '644',
        owner: root,
        place: content.place,
        written: { node: content, pack: 'plain', list, index, owner: item, key: 'content' },
      });
    const before = draft.files.length;
    if (!masked) readDropIns(item, `${folder}/${name}.d`, draft, findings);
    const hasDropIns = draft.files.length > before || given.has(`${folder}/${name}.d`);
    if (folder.endsWith('/network')) continue;
    draft.units.push({
      name,
      hasContent,
      hasDropIns,
      mask: flagOf(item, 'mask'),
      enable: flagOf(item, 'enable') === true ? true : null,
      command: masked ? null : commandOf(item, hasContent, hasDropIns, findings),
      place,
    });
  }
}

function readDropIns(unit: YamlNode, folder: string, draft: Draft, findings: Findings): void {
  const list = valueOf(unit, 'drop_ins');
  for (const [index, item] of itemsOf(unit, 'drop_ins').entries()) {
    if (item.kind !== 'map') continue;
    const place = entryOf(item, 'name')?.value.place ?? item.place;
    const name = textOf(item, 'name') ?? '';
    if (!checkDropIn(name, place, findings)) continue;
    const content = valueOf(item, 'content');
    draft.files.push({
      path: `${folder}/${name}`,
      content: content?.kind === 'text' ? content.text : '',
      mode: '644',
      owner: root,
      place,
      written: { node: content, pack: 'plain', list, index, owner: item, key: 'content' },
    });
  }
}

function commandOf(
  unit: YamlNode,
  hasContent: boolean,
  hasDropIns: boolean,
  findings: Findings,
): (typeof verbs)[number] | null {
  const command = textOf(unit, 'command');
  if (command === null) return hasDropIns && !hasContent ? 'restart' : null;
  if (command === 'start' && (hasContent || hasDropIns)) return 'restart';
  const known = verbs.find((verb) => verb === command);
  const place = valueOf(unit, 'command')?.place ?? unit.place;
  // Other words are no command at all, which the check of keys says.
  if (command === 'try-restart' || command === 'reload-or-try-restart')
    findings.error(
      place,
      `${shown(command)} cannot be a step of a change`,
      'Write restart, or reload-or-restart; both start a unit that is stopped.',
    );
  return known ?? null;
}
