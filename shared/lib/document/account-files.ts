import { filePath } from '../../contract/change.ts';
import type { Bundle, BundleFile, BundleUser } from '../../formats/provision/bundle.ts';
import { isAccount, root } from '../../formats/provision/rules.ts';
import type { Findings } from '../../formats/finding.ts';
import { shown } from '../../formats/text-problem.ts';

/** The unit that makes a document's accounts on a running host. */
export function accountsUnit(document: string): string {
  return `quarterdeck-${document}-accounts.service`;
}

/**
 * Accounts, groups and SSH keys as files: sysusers.d, tmpfiles.d, and a unit that reads exactly these two, because the
 * units of systemd itself refuse to be restarted (tmpfiles) or pass over a running host (sysusers), and would empty /tmp.
 * Owners of folders and keys are named, so that each host looks up its own numbers. Keys go into a file of their own in
 * `~/.ssh/authorized_keys.d`, which Fedora CoreOS reads; on Flatcar update-ssh-keys puts them together.
 */
export function accountFiles(document: string, bundle: Bundle, findings: Findings): BundleFile[] {
  const { groups } = bundle;
  const users = bundle.users.filter((user) => isSayable(user, findings));
  const accounts = [
    ...groups.map(({ name, gid }) => `g ${name} ${gid ?? '-'}`),
    ...users.filter(({ name }) => !existing(name)).flatMap(userLines),
    ...users.flatMap(({ name, groups }) => groups.map((group) => `m ${name} ${group}`)),
  ];
  const folders = users.flatMap((user) => folderLines(user, document));
  if (accounts.length + folders.length === 0) return [];
  const sysusers = `/etc/sysusers.d/quarterdeck-${document}.conf`;
  const tmpfiles = `/etc/tmpfiles.d/quarterdeck-${document}.conf`;
  const unit = [
    '[Unit]',
    `Description=Accounts and SSH keys of the document ${document}`,
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    ...(accounts.length > 0 ? [`ExecStart=/usr/bin/systemd-sysusers ${sysusers}`] : []),
    ...(folders.length > 0 ? [`ExecStart=/usr/bin/systemd-tmpfiles --create ${tmpfiles}`] : []),
    ...users.filter(({ keys }) => keys.length > 0).map(({ name }) => `ExecStart=-/usr/bin/update-ssh-keys -u ${name}`),
  ];
  const file = (path: string, lines: readonly string[]): BundleFile[] => {
    const content = `${lines.join('\n')}\n`;
    const place = users[0]?.place ?? { line: 1, column: 1 };
    return lines.length === 0 ? [] : [{ path, content, mode: '644', owner: root, place, written: null }];
  };
  return [
    ...file(sysusers, accounts),
    ...file(tmpfiles, folders),
    ...file(`/etc/systemd/system/${accountsUnit(document)}`, unit),
  ];
}

/** Accounts that a host of these systems has from the beginning. */
function existing(name: string): boolean {
  return name === 'root' || name === 'core';
}

function userLines({ name, uid, gecos, home, primaryGroup, shell, createHome }: BundleUser): string[] {
  const id = primaryGroup === null ? `${uid ?? '-'}` : `${uid ?? '-'}:${primaryGroup}`;
  const folder = home ?? (createHome ? `/home/${name}` : '/');
  const words = gecos ? `"${gecos.replaceAll('%', '%%')}"` : '-';
  return [
    ...(primaryGroup === null ? [] : [`g ${primaryGroup} -`]),
    `u ${name} ${id} ${words} ${folder} ${shell ?? (createHome ? '/bin/bash' : '/usr/sbin/nologin')}`,
  ];
}

function folderLines({ name, home, createHome, keys, primaryGroup }: BundleUser, document: string): string[] {
  const group = primaryGroup ?? name;
  const folder = home ?? (name === 'root' ? '/root' : `/home/${name}`);
  // A mode is left out so that a home folder that is there keeps its own.
  const own = createHome && !existing(name) ? [`d ${folder} - ${name} ${group} -`] : [];
  if (keys.length === 0) return own;
  const text = keys.map((key) => `${key.replaceAll('\\', '\\\\').replaceAll('%', '%%')}\\n`).join('');
  return [
    ...own,
    `d ${folder}/.ssh 0700 ${name} ${group} -`,
    `d ${folder}/.ssh/authorized_keys.d 0700 ${name} ${group} -`,
    `f+ ${folder}/.ssh/authorized_keys.d/quarterdeck-${document} 0600 ${name} ${group} - ${text}`,
  ];
}

function isSayable(user: BundleUser, findings: Findings): boolean {
  const { name, gecos, home, shell, groups, primaryGroup, keys, createHome, place } = user;
  const wrong = (what: string, hint: string): boolean => {
    findings.error(place, `${what} of the account ${name} cannot be written on a running host`, hint);
    return false;
  };
  if (gecos !== null && !/^[^:"\\\p{Cc}]{0,200}$/u.test(gecos))
    return wrong('the words', 'Leave out quotes and colons.');
  for (const path of [home, shell])
    if (path !== null && (!filePath.safeParse(path).success || /[\s"'\\%:]/.test(path)))
      return wrong(`the path ${shown(path)}`, 'Write an absolute path without blanks.');
  for (const group of [...groups, ...(primaryGroup === null ? [] : [primaryGroup])])
    if (!isAccount(group)) return wrong(`the group ${shown(group)}`, 'Write the name of the group.');
  if (keys.length > 0 && !createHome && home === null && !existing(name))
    return wrong('the keys', 'Give it a home folder; they lie below it.');
  return true;
}
