import { readYaml, type YamlNode } from '../yaml-tree/read.ts';
import { type Group, Inventory, type Variables } from './inventory.ts';

/** Reads an inventory in Ansible's YAML format: groups with `hosts`, `children` and `vars`, nested as deep as YAML may be. */
export function parseInventoryYaml(text: string, file: string): Inventory {
  const inventory = new Inventory(file);
  const { root, problems } = readYaml(text, file);
  inventory.problems.push(...problems);
  if (root === null) return inventory;
  if (root.kind !== 'map') {
    inventory.report(root.place.line, root.place.column, 'an inventory is a mapping of groups', 'Begin with "all:"');
    return inventory;
  }
  for (const { key, keyPlace, value } of root.entries) readGroup(key, value, inventory, keyPlace.line);
  return inventory;
}

function readGroup(name: string, node: YamlNode, inventory: Inventory, line: number): void {
  const group = inventory.group(name, line);
  if (group === null || (node.kind === 'text' && node.text === '')) return;
  if (node.kind !== 'map') {
    inventory.report(
      node.place.line,
      node.place.column,
      'a group is a mapping',
      'Write "hosts:", "children:" or "vars:" in it',
    );
    return;
  }
  for (const { key, keyPlace, value } of node.entries) {
    if (value.kind === 'text' && value.text === '') continue;
    if (key !== 'hosts' && key !== 'children' && key !== 'vars')
      inventory.report(
        keyPlace.line,
        keyPlace.column,
        `a group has no "${key.slice(0, 60)}"`,
        'Use hosts, children or vars',
      );
    else if (value.kind !== 'map')
      inventory.report(
        value.place.line,
        value.place.column,
        `${key} is a mapping`,
        'End each name with a colon, as "web1:"',
      );
    else if (key === 'vars') readVariables(value, group.variables);
    else if (key === 'hosts') readHosts(value, group, inventory);
    else
      for (const child of value.entries) {
        group.children.add(child.key);
        readGroup(child.key, child.value, inventory, child.keyPlace.line);
      }
  }
}

function readHosts(node: YamlNode & { kind: 'map' }, group: Group, inventory: Inventory): void {
  for (const { key, keyPlace, value } of node.entries)
    for (const variables of inventory.addHosts(key, group, keyPlace.line, keyPlace.column))
      if (value.kind === 'map') readVariables(value, variables);
}

function readVariables(node: YamlNode & { kind: 'map' }, into: Variables): void {
  for (const { key, value } of node.entries) if (value.kind === 'text') into.set(key, value.text);
}
