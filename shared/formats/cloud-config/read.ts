import { type Draft, emptyDraft, type ReadBundle } from '../provision/bundle.ts';
import { entryOf, isNothing, itemsOf, textOf, textsOf, valueOf } from '../provision/nodes.ts';
import { type AddressValues, withAddresses } from '../provision/placeholders.ts';
import { checkTwice, isHostname, readSshKeys, root } from '../provision/rules.ts';
import { Findings } from '../finding.ts';
import { checkKeys } from '../schema-keys.ts';
import { shown } from '../text-problem.ts';
import { readYaml, type YamlNode } from '../yaml-tree/read.ts';
import { cloudConfigKeys } from './keys.ts';
import { readDaemons } from './read-daemons.ts';
import { readFiles } from './read-files.ts';
import { readUnits } from './read-units.ts';
import { readUsers } from './read-users.ts';

const start = { line: 1, column: 1 };

/**
 * What a cloud-config (coreos-cloudinit's schema) wishes, with everything that is wrong with it. With `values` the
 * addresses it names are put in first; without, they stay as they are written. `name` is what places are said to be in.
 */
export function readCloudConfig(text: string, name: string, values: AddressValues | null): ReadBundle {
  const findings = new Findings(name);
  const draft = emptyDraft();
  if (text.trim() !== '' && isCloudConfig(text, findings)) {
    const { root: node, problems, broken } = readYaml(values ? withAddresses(text, values, findings) : text, name);
    for (const problem of problems) findings.add(broken ? 'error' : 'warning', problem);
    if (node !== null && !broken) readAll(node, draft, findings);
  }
  return { bundle: draft, findings: findings.list() };
}

function isCloudConfig(text: string, findings: Findings): boolean {
  const end = text.indexOf('\n');
  const first = (end < 0 ? text : text.slice(0, end)).slice(0, 200).trimEnd();
  if (first === '#cloud-config') return true;
  if (first.startsWith('#!'))
    findings.error(start, 'this is a script', 'A script runs at boot; what it does cannot be compared or taken back.');
  else if (/^\s*\{/.test(first))
    findings.error(start, 'this looks like Ignition', 'Choose the format "ignition" for this document.');
  else findings.error(start, 'the first line must be "#cloud-config"', 'Write it there, without anything else.');
  return false;
}

function readAll(node: YamlNode, draft: Draft, findings: Findings): void {
  if (isNothing(node)) return;
  if (node.kind !== 'map') {
    findings.error(node.place, 'a cloud-config is a mapping of keys', 'Write keys as hostname: or write_files:.');
    return;
  }
  checkKeys(node, cloudConfigKeys, { findings, unknown: 'warning', mistyped: 'error', strict: false });
  const coreos = valueOf(node, 'coreos');
  const misplaced = entryOf(coreos, 'write_files');
  if (misplaced)
    findings.info(misplaced.keyPlace, '"write_files" does not belong below "coreos"', 'Write it without indentation.');
  readHostname(node, draft, findings);
  readUsers(itemsOf(node, 'users'), draft, findings);
  const keys = readSshKeys(textsOf(node, 'ssh_authorized_keys'), findings);
  const core = draft.users.findIndex(({ name }) => name === 'core');
  const known = draft.users[core];
  if (known) draft.users[core] = { ...known, keys: [...new Set([...known.keys, ...keys])] };
  else if (keys.length > 0)
    draft.users.push({
      name: 'core',
      uid: null,
      gecos: null,
      home: null,
      createHome: false,
      primaryGroup: null,
      groups: [],
      shell: null,
      system: false,
      keys,
      place: entryOf(node, 'ssh_authorized_keys')?.keyPlace ?? node.place,
    });
  readFiles(valueOf(node, 'write_files'), draft, findings);
  readDaemons(coreos, draft, findings);
  readUnits(valueOf(coreos, 'units'), draft, findings);
  checkTwice(draft.files, findings);
}

function readHostname(node: YamlNode, draft: Draft, findings: Findings): void {
  const hostname = textOf(node, 'hostname');
  const at = valueOf(node, 'hostname');
  if (hostname !== null && at) {
    if (isHostname(hostname)) {
      draft.hostname = hostname;
      const written = { node: at, pack: 'line', list: null, index: 0, owner: node, key: 'hostname' } as const;
      draft.files.push({
        path: '/etc/hostname',
        content: `${hostname}\n`,
        mode: '644',
        owner: root,
        place: at.place,
        written,
      });
    } else
      findings.error(at.place, `${shown(hostname)} cannot be the name of a host`, 'Letters, digits, dashes and dots.');
  }
  const hosts = valueOf(node, 'manage_etc_hosts');
  if (textOf(node, 'manage_etc_hosts') !== 'localhost' || !hosts) return;
  const content = `127.0.0.1 ${hostname}\n`;
  if (draft.hostname === null)
    findings.error(hosts.place, '"manage_etc_hosts" needs the name of the host', 'Write "hostname" too.');
  else draft.files.push({ path: '/etc/hosts', content, mode: '644', owner: root, place: hosts.place, written: null });
}
