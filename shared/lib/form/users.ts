import type { DocumentFormat } from '../../contract/document.ts';
import { printKey } from '../../formats/settings/key-path.ts';
import { nothingWithin, type FormEntry, type FormPart } from './form.ts';
import { type KeyField, treeFields } from './tree-fields.ts';
import type { TreeText } from './tree-text.ts';
import { wordsOf } from '../../formats/tree-edit/tree-value.ts';
import { account, anyLine, folder, passwordHash, sshKey, wholeNumber } from './value-rules.ts';

type Provision = Exclude<DocumentFormat, 'file'>;

const keys: KeyField = {
  key: 'ssh_authorized_keys',
  label: 'SSH keys',
  kind: 'list',
  one: 'SSH key',
  wide: true,
  check: sshKey,
};
const groups: KeyField = {
  key: 'groups',
  label: 'Groups',
  kind: 'list',
  one: 'group',
  check: account,
  hint: 'Members of sudo or wheel may become root.',
  options: ['sudo', 'wheel', 'docker', 'systemd-journal', 'adm'],
};
const shells = ['/bin/bash', '/bin/sh', '/usr/sbin/nologin'];

const accountName: KeyField = { key: 'name', label: 'Name', kind: 'line', check: account, required: true };

/** As Butane spells them; Ignition writes the same words in one with capitals. */
const provisioned: readonly KeyField[] = [
  keys,
  { key: 'password_hash', label: 'Password hash', kind: 'secret', check: passwordHash },
  groups,
  { key: 'uid', label: 'User number', kind: 'number', check: wholeNumber },
  { key: 'primary_group', label: 'Primary group', kind: 'line', check: account },
  { key: 'gecos', label: 'Full name', kind: 'line', check: anyLine },
  { key: 'home_dir', label: 'Home', kind: 'line', check: folder },
  { key: 'shell', label: 'Shell', kind: 'line', check: folder, options: shells },
  { key: 'system', label: 'System account', kind: 'flag' },
  { key: 'no_create_home', label: 'Without a home folder', kind: 'flag' },
  { key: 'no_user_group', label: 'Without a group of its own', kind: 'flag' },
];

const inCloudConfig: readonly KeyField[] = [
  keys,
  { key: 'passwd', label: 'Password hash', kind: 'secret', check: passwordHash },
  groups,
  { key: 'primary_group', label: 'Primary group', kind: 'line', check: account },
  { key: 'gecos', label: 'Full name', kind: 'line', check: anyLine },
  { key: 'homedir', label: 'Home', kind: 'line', check: folder },
  { key: 'shell', label: 'Shell', kind: 'line', check: folder, options: shells },
  { key: 'system', label: 'System account', kind: 'flag' },
  { key: 'no_create_home', label: 'Without a home folder', kind: 'flag' },
  { key: 'no_user_group', label: 'Without a group of its own', kind: 'flag' },
];

/** The accounts of a document: what is said of each, and what can be. */
export function usersPart(tree: TreeText, format: Provision): FormPart {
  const list = format === 'cloud-config' ? ['users'] : ['passwd', 'users'];
  const fields = fieldsFor(format);
  const node = tree.at(list);
  const users = node?.kind === 'list' ? node.items.length : 0;
  const entries = Array.from({ length: users }, (_, at): FormEntry => {
    const steps = [...list, at];
    const name = tree.textAt([...steps, 'name']);
    return {
      id: printKey(steps),
      title: name ?? `User ${at + 1}`,
      page: null,
      note: name === null ? 'It has no name, and is passed over.' : null,
      line: tree.lineAt(steps),
      fields: treeFields(tree, steps, [accountName, ...fields]),
      within: nothingWithin,
      remove: { label: `Remove ${name ?? 'this user'}`, write: () => tree.remove(steps) },
    };
  });
  const core: FormEntry[] =
    format === 'cloud-config'
      ? [
          {
            id: 'core',
            title: 'core',
            page: null,
            note: 'Keys at the top of a cloud-config are those of the account core.',
            line: tree.lineAt(['ssh_authorized_keys']),
            fields: treeFields(tree, [], [keys]),
            within: nothingWithin,
            remove: null,
          },
        ]
      : [];
  const names = new Set(entries.map(({ title }) => title));
  return {
    id: 'users',
    title: 'Users',
    entries: [...core, ...entries],
    adds: [
      {
        id: 'user',
        label: 'Add a user',
        ask: 'Name of the user',
        hint: null,
        options: [],
        check: (name) => (names.has(name) ? `There is ${name} already.` : account(name)),
        write: (name) => tree.append(list, { fields: [['name', wordsOf(name)]] }),
      },
    ],
  };
}

function fieldsFor(format: Provision): readonly KeyField[] {
  if (format === 'cloud-config') return inCloudConfig;
  if (format === 'butane') return provisioned;
  return provisioned.map((field) => ({ ...field, key: capitals(field.key) }));
}

function capitals(key: string): string {
  return key.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
