import { entryOf, flagOf, itemsOf, numberOf, textOf, textsOf, valueOf } from '../provision/nodes.ts';
import { isAccount, passwordWhy, readSshKeys } from '../provision/rules.ts';
import { shown } from '../text-problem.ts';
import type { YamlNode } from '../yaml-tree/read.ts';
import type { Reading } from './read-provision.ts';

const goneWhy =
  'An account is not removed from a host that runs, where its files and processes are; use userdel there.';

/** Accounts and groups; passwords, and what is to be removed, are for the first boot only. */
export function readPasswd(passwd: YamlNode | null, reading: Reading): void {
  const { draft, findings } = reading;
  for (const item of itemsOf(passwd, 'users')) {
    const name = nameOf(item, 'account', reading);
    if (name === null) continue;
    const place = valueOf(item, 'name')?.place ?? item.place;
    const local = entryOf(item, 'ssh_authorized_keys_local');
    if (local)
      draft.firstBoot.push({
        what: `Keys of ${name} in files`,
        why: 'They lie beside the text where Butane runs, not here; write them below ssh_authorized_keys.',
        line: local.keyPlace.line,
      });
    const system = flagOf(item, 'system') === true;
    draft.users.push({
      name,
      uid: numberOf(item, 'uid'),
      gecos: textOf(item, 'gecos'),
      home: textOf(item, 'home_dir'),
      createHome: !system && flagOf(item, 'no_create_home') !== true,
      primaryGroup: textOf(item, 'primary_group'),
      groups: textsOf(item, 'groups').map(({ text }) => text),
      shell: textOf(item, 'shell'),
      system,
      keys: readSshKeys(textsOf(item, 'ssh_authorized_keys'), findings),
      place,
    });
  }
  for (const item of itemsOf(passwd, 'groups')) {
    const name = nameOf(item, 'group', reading);
    if (name !== null) draft.groups.push({ name, gid: numberOf(item, 'gid') });
  }
}

/** The name of an account or group that is to be there. */
function nameOf(item: YamlNode, kind: 'account' | 'group', { draft, findings }: Reading): string | null {
  const name = textOf(item, 'name');
  const place = valueOf(item, 'name')?.place ?? item.place;
  if (name === null || !isAccount(name)) {
    findings.error(place, `${shown(name ?? '')} cannot be the name of an account`, 'Letters, digits, - and _.');
    return null;
  }
  if (flagOf(item, 'should_exist') === false) {
    draft.firstBoot.push({ what: `Removal of the ${kind} ${name}`, why: goneWhy, line: place.line });
    return null;
  }
  const hash = entryOf(item, 'password_hash');
  if (hash)
    draft.firstBoot.push({ what: `Password of the ${kind} ${name}`, why: passwordWhy, line: hash.keyPlace.line });
  return name;
}
