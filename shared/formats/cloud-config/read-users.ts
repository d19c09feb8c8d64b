import type { Draft } from '../provision/bundle.ts';
import { entryOf, flagOf, textOf, textsOf, valueOf } from '../provision/nodes.ts';
import { isAccount, passwordWhy, readSshKeys } from '../provision/rules.ts';
import type { Findings } from '../finding.ts';
import { shown } from '../text-problem.ts';
import type { YamlNode } from '../yaml-tree/read.ts';

/** Accounts of `users`; passwords and keys that are fetched are for a boot only. */
export function readUsers(items: readonly YamlNode[], draft: Draft, findings: Findings): void {
  const seen = new Set<string>();
  for (const item of items) {
    if (item.kind !== 'map') continue;
    const place = entryOf(item, 'name')?.value.place ?? item.place;
    const name = textOf(item, 'name');
    if (name === null || !isAccount(name)) {
      if (name === null) findings.error(item.place, 'this account has no name', 'Write name: alice.');
      else findings.error(place, `${shown(name)} cannot be the name of an account`, 'Small letters, digits, - and _.');
      continue;
    }
    if (seen.has(name)) findings.error(place, `the account ${name} is here twice`, 'Write its keys in one place.');
    seen.add(name);
    const { line } = place;
    if (valueOf(item, 'passwd')) draft.firstBoot.push({ what: `Password of ${name}`, why: passwordWhy, line });
    for (const key of ['coreos_ssh_import_github', 'coreos_ssh_import_github_users', 'coreos_ssh_import_url']) {
      const at = entryOf(item, key);
      if (at)
        draft.firstBoot.push({
          what: `Keys of ${name} by ${key}`,
          why: 'They are fetched from another machine at boot; write them below ssh_authorized_keys.',
          line: at.keyPlace.line,
        });
    }
    const system = flagOf(item, 'system') === true;
    draft.users.push({
      name,
      uid: null,
      gecos: textOf(item, 'gecos'),
      home: textOf(item, 'homedir'),
      createHome: !system && flagOf(item, 'no_create_home') !== true,
      primaryGroup: textOf(item, 'primary_group'),
      groups: textsOf(item, 'groups').map(({ text }) => text),
      shell: textOf(item, 'shell'),
      system,
      keys: readSshKeys(textsOf(item, 'ssh_authorized_keys'), findings),
      place,
    });
  }
}
