import type { ImportPreview } from '#shared/contract/cluster.ts';
import { printJump } from '../ssh-config/jump.ts';
import { boundedProblems, inOrder, shown } from '../text-problem.ts';
import { isSecretName } from '../cluster-file/secrets.ts';
import type { Inventory, Variables } from './inventory.ts';
import { readSshArguments } from './ssh-arguments.ts';

/** The groups every host is in anyway: they say nothing about it. */
const everyHost = new Set(['all', 'ungrouped']);

/**
 * The hosts of an inventory as they would be imported. Variables count as in Ansible: the host's own first, then those of
 * its nearest groups. Each group a host is in becomes a label of that name, and the nearest one the label `group`.
 * Passwords are never taken over, templates never evaluated.
 */
export function previewInventory(inventory: Inventory): ImportPreview {
  const { parents, depth } = relate(inventory);
  const hosts: ImportPreview['hosts'] = [];
  const skipped: ImportPreview['skipped'] = [];
  const told = new Set<string>();
  const tell = (message: string, hint: string): void => {
    if (told.has(message)) return;
    told.add(message);
    inventory.report(1, 1, message, hint);
  };
  const direct = directGroups(inventory);
  for (const [name, own] of inventory.hosts) {
    const groups = withAncestors(direct.get(name) ?? [], parents).toSorted(
      (a, b) => (depth.get(b) ?? 0) - (depth.get(a) ?? 0) || (a < b ? -1 : 1),
    );
    const layers = [own, ...groups.map((group) => inventory.groups.get(group)?.variables)];
    const variables = merge([...layers, inventory.groups.get('all')?.variables]);
    const value = (...names: string[]): string => {
      for (const one of names) {
        const text = variables.get(one) ?? '';
        if (text.includes('{{'))
          tell(`${one} holds a template, which is not evaluated`, 'Write the value into the cluster file');
        else if (text !== '') return text;
      }
      return '';
    };
    for (const variable of variables.keys())
      if (isSecretName(variable))
        tell(
          `${shown(variable)} is not taken over`,
          'Passwords are asked for when they are needed, and can be kept in the vault.',
        );
    const connection = value('ansible_connection');
    if (connection !== '' && !['ssh', 'smart', 'paramiko', 'ansible.builtin.ssh'].includes(connection)) {
      skipped.push({ what: name, why: `it is reached by "${connection.slice(0, 40)}", not by ssh` });
      continue;
    }
    const args = readSshArguments(`${value('ansible_ssh_common_args')} ${value('ansible_ssh_extra_args')}`);
    for (const lost of args.lost)
      tell(`${lost} in the ssh arguments is not understood`, 'Write "jump" into the cluster file');
    const key = value('ansible_ssh_private_key_file', 'ansible_private_key_file');
    const port = Number(value('ansible_port', 'ansible_ssh_port') || '22');
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      tell(`the port of ${name} is no port`, 'It is taken for 22.');
    hosts.push({
      name,
      address: value('ansible_host', 'ansible_ssh_host') || name,
      port: Number.isInteger(port) && port >= 1 && port <= 65535 ? port : 22,
      user: value('ansible_user', 'ansible_ssh_user'),
      jump: (args.jumps ?? []).map(printJump),
      identityFiles: [...(key === '' ? [] : [key]), ...args.identityFiles],
      labels: labelsOf(groups),
    });
  }
  return { hosts, problems: boundedProblems(inOrder(inventory.problems)), skipped: skipped.slice(0, 500) };
}

function labelsOf(groups: readonly string[]): Record<string, string> {
  const [nearest] = groups;
  if (nearest === undefined) return {};
  return Object.fromEntries([
    ['group', nearest],
    ...groups.filter((name) => name !== 'group').map((name) => [name, 'yes']),
  ]);
}

/** The first value of each name. */
function merge(layers: readonly (Variables | undefined)[]): Variables {
  const merged: Variables = new Map();
  for (const layer of layers) for (const [name, value] of layer ?? []) if (!merged.has(name)) merged.set(name, value);
  return merged;
}

function directGroups(inventory: Inventory): Map<string, string[]> {
  const direct = new Map<string, string[]>();
  for (const [name, group] of inventory.groups) {
    if (everyHost.has(name)) continue;
    for (const host of group.hosts) {
      const known = direct.get(host);
      if (known) known.push(name);
      else direct.set(host, [name]);
    }
  }
  return direct;
}

/** Who contains whom, and how far each group is from the top; a group that contains itself is told and cut. */
function relate(inventory: Inventory): { parents: Map<string, string[]>; depth: Map<string, number> } {
  const parents = new Map<string, string[]>();
  for (const [name, group] of inventory.groups) {
    if (everyHost.has(name)) continue;
    for (const child of group.children) parents.set(child, [...(parents.get(child) ?? []), name]);
  }
  const depth = new Map<string, number>();
  const climbing = new Set<string>();
  const climb = (name: string): number => {
    const known = depth.get(name);
    if (known !== undefined) return known;
    climbing.add(name);
    const above = (parents.get(name) ?? []).filter((parent) => {
      if (!climbing.has(parent)) return true;
      inventory.report(1, 1, `the group ${shown(parent)} contains itself`, 'Remove it from its own children.');
      return false;
    });
    parents.set(name, above);
    const deepest = above.reduce((most, parent) => Math.max(most, climb(parent) + 1), 0);
    climbing.delete(name);
    depth.set(name, deepest);
    return deepest;
  };
  for (const name of inventory.groups.keys()) climb(name);
  return { parents, depth };
}

function withAncestors(groups: readonly string[], parents: ReadonlyMap<string, readonly string[]>): string[] {
  const all = new Set<string>();
  const waiting = [...groups];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (all.has(name)) continue;
    all.add(name);
    waiting.push(...(parents.get(name) ?? []));
  }
  return [...all];
}
