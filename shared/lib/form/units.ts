import type { DocumentFormat } from '../../contract/document.ts';
import { unitName } from '../../contract/ids.ts';
import { isNetworkFile } from '../../formats/provision/rules.ts';
import { type KeyStep, printKey } from '../../formats/settings/key-path.ts';
import { type Check, type FormEntry, type FormPart, nothingWithin } from './form.ts';
import { systemdEntries } from './systemd-file.ts';
import { type KeyField, treeFields } from './tree-fields.ts';
import type { TreeText } from './tree-text.ts';
import { wordsOf } from '../../formats/tree-edit/tree-value.ts';
import { unitCommands, unitPaths } from './unit-keys.ts';

const isUnit: Check = (name) =>
  unitName.safeParse(name).success && !name.startsWith('.')
    ? null
    : 'The name of a unit with its ending, as web.service.';
const isDropIn: Check = (name) =>
  /^[\w:.@-]{1,200}\.conf$/.test(name) && !name.startsWith('.')
    ? null
    : 'A name that ends in .conf, as 10-limits.conf.';

const named: KeyField = { key: 'name', label: 'Name', kind: 'line', check: isUnit, required: true };
const inCloudConfig: readonly KeyField[] = [
  named,
  { key: 'command', label: 'Then', kind: 'choice', options: unitCommands, hint: 'What is done once it is written.' },
  { key: 'enable', label: 'Enabled', kind: 'flag', hint: 'Started at each boot, by its [Install].' },
  { key: 'mask', label: 'Masked', kind: 'flag', hint: 'It cannot be started at all.' },
  { key: 'runtime', label: 'Until the next boot', kind: 'flag' },
];
const provisioned: readonly KeyField[] = [
  named,
  { key: 'enabled', label: 'Enabled', kind: 'flag', hint: 'Started at each boot, by its [Install].' },
  { key: 'mask', label: 'Masked', kind: 'flag', hint: 'It cannot be started at all.' },
];

/** The units of a document, with the settings of what it writes of them. */
export function unitsPart(tree: TreeText, format: Exclude<DocumentFormat, 'file'>): FormPart {
  const paths = unitPaths(format);
  const node = tree.at(paths.list);
  const count = node?.kind === 'list' ? node.items.length : 0;
  const all = Array.from({ length: count }, (_, at) => [...paths.list, at]);
  const names = new Set(all.map((steps) => tree.textAt([...steps, 'name'])));
  const fields = format === 'cloud-config' ? inCloudConfig : provisioned;
  return {
    id: 'units',
    title: 'Units',
    entries: all
      .filter((steps) => !isNetworkFile(tree.textAt([...steps, 'name']) ?? ''))
      .map((steps) => unitEntry(tree, steps, fields, paths)),
    adds: [
      {
        id: 'unit',
        label: 'Add a unit',
        ask: 'Name of the unit',
        hint: null,
        options: [],
        check: (name) => (names.has(name) ? `There is ${name} already.` : isUnit(name)),
        write: (name) => tree.append(paths.list, { fields: [['name', wordsOf(name)]] }),
      },
    ],
  };
}

type Paths = ReturnType<typeof unitPaths>;

function unitEntry(tree: TreeText, steps: readonly KeyStep[], fields: readonly KeyField[], paths: Paths): FormEntry {
  const name = tree.textAt([...steps, 'name']) ?? '';
  const contents = [...steps, paths.contents];
  const isMasked = /^(?:true|yes|on|y)$/i.test(tree.textAt([...steps, 'mask']) ?? '');
  return {
    id: printKey(steps),
    title: name || 'A unit without a name',
    page: null,
    note: null,
    line: tree.lineAt(steps),
    fields: [
      ...treeFields(tree, steps, fields),
      ...treeFields(tree, steps, [{ key: paths.contents, label: 'Contents', kind: 'block' }]),
    ],
    within: () => {
      const own = isMasked ? nothingWithin() : systemdEntries(tree.within(contents, `/etc/systemd/system/${name}`));
      const list = tree.at([...steps, paths.dropIns]);
      const dropIns = Array.from({ length: list?.kind === 'list' ? list.items.length : 0 }, (_, at) =>
        dropInEntry(tree, [...steps, paths.dropIns, at], name, paths),
      );
      return {
        entries: [...own.entries, ...dropIns],
        adds: [
          ...own.adds,
          {
            id: `${printKey(steps)} drop-in`,
            label: 'Add a drop-in',
            ask: 'Name of the drop-in',
            hint: 'It changes single settings of the unit that the system brings.',
            options: ['10-local.conf'],
            check: isDropIn,
            write: (file) => tree.append([...steps, paths.dropIns], { fields: [['name', wordsOf(file)]] }),
          },
        ],
      };
    },
    remove: { label: `Remove ${name}`, write: () => tree.remove(steps) },
  };
}

function dropInEntry(tree: TreeText, steps: readonly KeyStep[], unit: string, paths: Paths): FormEntry {
  const name = tree.textAt([...steps, 'name']) ?? '';
  return {
    id: printKey(steps),
    title: `Drop-in ${name}`,
    page: null,
    note: null,
    line: tree.lineAt(steps),
    fields: treeFields(tree, steps, [
      { key: 'name', label: 'Name', kind: 'line', check: isDropIn, required: true },
      { key: paths.contents, label: 'Contents', kind: 'block' },
    ]),
    within: () => systemdEntries(tree.within([...steps, paths.contents], `/etc/systemd/system/${unit}.d/${name}`)),
    remove: { label: `Remove ${name}`, write: () => tree.remove(steps) },
  };
}
