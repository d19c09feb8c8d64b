import type { BundleUser } from '../provision/bundle.ts';
import type { ExportFile, ExportSet, ExportUnit } from '../provision/export-set.ts';
import { line, listLines } from '../provision/print-value.ts';
import { isHostname } from '../provision/rules.ts';
import { quoted, valueLines } from '../provision/scalar.ts';

/** A set as a cloud-config, and what it cannot say. */
export function printCloudConfig(set: ExportSet): { text: string; notes: string[] } {
  const notes: string[] = [];
  const core = set.users.find((user) => user.name === 'core' && onlyKeys(user));
  const users = set.users.filter((user) => user !== core);
  for (const { name, uid } of users)
    if (uid !== null)
      notes.push(`The account ${name} gets its number from the host, not ${uid}: cloud-config has no place for it.`);
  for (const { name } of set.groups)
    notes.push(
      `The group ${name} is left out: cloud-config makes no groups; create it with a file in /etc/sysusers.d.`,
    );
  const hostname = set.files.find(isHostnameFile);
  const files = set.files.filter((file) => file !== hostname && canBeWritten(file, notes));
  const units = set.units.map((unit) => unitLines(unit, notes)).join('');
  const text = [
    '#cloud-config\n',
    line('hostname', hostname?.content.trim() ?? null, 0),
    listLines('ssh_authorized_keys', core?.keys ?? [], 0),
    users.length === 0 ? '' : `users:\n${users.map(userLines).join('')}`,
    files.length === 0 ? '' : `write_files:\n${files.map(fileLines).join('')}`,
    units === '' ? '' : `coreos:\n  units:\n${units}`,
  ];
  return { text: text.join(''), notes };
}

function onlyKeys(user: BundleUser): boolean {
  const { uid, gecos, home, primaryGroup, groups, shell } = user;
  return [uid, gecos, home, primaryGroup, shell].every((one) => one === null) && groups.length === 0;
}

function isHostnameFile({ path, content, mode, owner }: ExportFile): boolean {
  const rootOnly = mode === '644' && owner.uid === 0 && owner.gid === 0;
  return path === '/etc/hostname' && rootOnly && content === `${content.trim()}\n` && isHostname(content.trim());
}

function canBeWritten({ path }: ExportFile, notes: string[]): boolean {
  if (!path.startsWith('/usr/')) return true;
  notes.push(`${path} is left out: cloud-config writes nothing below /usr.`);
  return false;
}

function fileLines({ path, content, mode, owner, dollars }: ExportFile): string {
  const ids = owner.uid === 0 && owner.gid === 0 ? '' : `    owner: "${owner.uid}:${owner.gid}"\n`;
  const head = `${line('- path', path, 2)}    permissions: "${mode.padStart(4, '0')}"\n${ids}`;
  return `${head}    content: ${valueLines(content, 4, dollars)}`;
}

function unitLines({ name, contents, dropIns, mask, enable, commands }: ExportUnit, notes: string[]): string {
  if (enable === false) notes.push(`${name} is not disabled: cloud-config can only enable units.`);
  const [first = null, ...more] = commands.filter((verb) => verb !== 'daemon-reload');
  // Where the unit is written too, starting it is what a first boot does; read here again, it is a restart.
  const command = first === 'restart' && (contents !== null || dropIns.length > 0) ? 'start' : first;
  for (const verb of more) notes.push(`"${verb}" of ${name} is left out: cloud-config has one command for a unit.`);
  const body = [
    line('mask', mask, 6),
    line('enable', enable === true ? true : null, 6),
    line('command', command, 6),
    contents === null ? '' : `      content: ${valueLines(contents.content, 6, contents.dollars)}`,
    dropIns.length === 0 ? '' : '      drop_ins:\n',
    ...dropIns.map(
      ({ name, content, dollars }) =>
        `${line('- name', name, 8)}          content: ${valueLines(content, 10, dollars)}`,
    ),
  ].join('');
  return body === '' ? '' : line('- name', name, 4) + body;
}

function userLines(user: BundleUser): string {
  return [
    `  - name: ${quoted(user.name)}\n`,
    line('gecos', user.gecos, 4),
    line('homedir', user.home, 4),
    line('no_create_home', !user.createHome && !user.system && user.name !== 'core' ? true : null, 4),
    line('primary_group', user.primaryGroup, 4),
    listLines('groups', user.groups, 4),
    line('system', user.system ? true : null, 4),
    line('shell', user.shell, 4),
    listLines('ssh_authorized_keys', user.keys, 4),
  ].join('');
}
