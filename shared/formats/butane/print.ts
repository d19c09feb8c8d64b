import type { BundleUser } from '../provision/bundle.ts';
import type { ExportFile, ExportSet, ExportUnit } from '../provision/export-set.ts';
import { namesAddress } from '../provision/placeholders.ts';
import { line, listLines } from '../provision/print-value.ts';
import { quoted, valueLines } from '../provision/scalar.ts';

/** The version that is written: one that installations of the last years read. */
const versions = { fcos: '1.5.0', flatcar: '1.1.0' } as const;

/** A set as a Butane configuration, and what it cannot say. */
export function printButane(set: ExportSet, variant: 'fcos' | 'flatcar'): { text: string; notes: string[] } {
  const notes: string[] = [];
  for (const file of set.files) notes.push(...fileNotes(file, variant));
  const units = set.units.map((unit) => unitLines(unit, notes)).join('');
  const { users, groups, files } = set;
  const passwd = [
    users.length === 0 ? '' : `  users:\n${users.map(userLines).join('')}`,
    groups.length === 0
      ? ''
      : `  groups:\n${groups.map(({ name, gid }) => `    - name: ${quoted(name)}\n${line('gid', gid, 6)}`).join('')}`,
  ].join('');
  const text = [
    `variant: ${variant}\nversion: ${versions[variant]}\n`,
    passwd === '' ? '' : `passwd:\n${passwd}`,
    files.length === 0 ? '' : `storage:\n  files:\n${files.map(fileLines).join('')}`,
    units === '' ? '' : `systemd:\n  units:\n${units}`,
  ];
  return { text: text.join(''), notes };
}

function fileNotes({ path, content, mode, dollars }: ExportFile, variant: 'fcos' | 'flatcar'): string[] {
  const notes: string[] = [];
  if (variant === 'fcos' && /^\/etc\/(coreos|flatcar)\/update\.conf$/.test(path))
    notes.push(`${path} does nothing on Fedora CoreOS, which Zincati updates.`);
  if (variant === 'flatcar' && path === '/etc/coreos/update.conf')
    notes.push(`${path} is /etc/flatcar/update.conf on Flatcar, where /etc/coreos is a link.`);
  if (variant === 'fcos' && path.startsWith('/etc/systemd/network/'))
    notes.push(`${path} does nothing on Fedora CoreOS, where NetworkManager makes the network.`);
  if (variant === 'fcos' && /^[1-7]\d{3}$/.test(mode))
    notes.push(`${path} has mode ${mode}, whose first digit needs version 1.7.0.`);
  notes.push(...addressNotes(path, content, dollars === 'written'));
  return notes;
}

function addressNotes(what: string, content: string, written: boolean): string[] {
  const named = namesAddress(content, 'braces') || (written && namesAddress(content, 'dollar'));
  return named ? [`${what} names an address of its host, which Butane does not put in.`] : [];
}

function fileLines({ path, content, mode, owner }: ExportFile): string {
  const id = (key: string, value: number): string => (value === 0 ? '' : `      ${key}:\n        id: ${value}\n`);
  const head = `${line('- path', path, 4)}      mode: 0${mode}\n${id('user', owner.uid)}${id('group', owner.gid)}`;
  return `${head}      overwrite: true\n      contents:\n        inline: ${valueLines(content, 8, 'none')}`;
}

function unitLines({ name, contents, dropIns, mask, enable, commands }: ExportUnit, notes: string[]): string {
  const meant = enable === true ? ['start', 'restart', 'reload', 'reload-or-restart'] : [];
  for (const verb of commands)
    if (!meant.includes(verb) && !(verb === 'restart' && contents === null && dropIns.length > 0))
      notes.push(`"${verb}" of ${name} is left out: a first boot starts what is enabled, and nothing else.`);
  for (const { content, dollars } of [...(contents ? [contents] : []), ...dropIns])
    notes.push(...addressNotes(name, content, dollars === 'written'));
  const body = [
    line('enabled', enable, 6),
    line('mask', mask, 6),
    contents === null ? '' : `      contents: ${valueLines(contents.content, 6, 'none')}`,
    dropIns.length === 0 ? '' : '      dropins:\n',
    ...dropIns.map(
      ({ name, content }) => `${line('- name', name, 8)}          contents: ${valueLines(content, 10, 'none')}`,
    ),
  ].join('');
  return body === '' ? '' : line('- name', name, 4) + body;
}

function userLines(user: BundleUser): string {
  return [
    `    - name: ${quoted(user.name)}\n`,
    line('uid', user.uid, 6),
    line('gecos', user.gecos, 6),
    line('home_dir', user.home, 6),
    line('no_create_home', !user.createHome && !user.system && user.name !== 'core' ? true : null, 6),
    line('primary_group', user.primaryGroup, 6),
    listLines('groups', user.groups, 6),
    line('system', user.system ? true : null, 6),
    line('shell', user.shell, 6),
    listLines('ssh_authorized_keys', user.keys, 6),
  ].join('');
}
