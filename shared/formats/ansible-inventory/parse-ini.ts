import { splitArguments } from '../ssh-config/split-line.ts';
import { shown, tooLong } from '../text-problem.ts';
import { type Group, Inventory, type Variables } from './inventory.ts';

/** Reads an inventory in Ansible's INI format: groups, `:children`, `:vars`, host lines with ranges and variables. */
export function parseInventoryIni(text: string, file: string): Inventory {
  const inventory = new Inventory(file);
  const long = tooLong(file, text);
  if (long) {
    inventory.problems.push(long);
    return inventory;
  }
  let group: Group | null = inventory.group('ungrouped', 1);
  let kind: 'hosts' | 'children' | 'vars' = 'hosts';
  let line = 0;
  for (const raw of text.split('\n')) {
    line++;
    const content = raw.trim();
    const column = raw.length - raw.trimStart().length + 1;
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue;
    const section = /^\[([^\]:\s]+)(?::([a-z]+))?\]\s*(?:#.*)?$/.exec(content);
    if (section) {
      const part = section[2] ?? 'hosts';
      if (part !== 'hosts' && part !== 'children' && part !== 'vars') {
        inventory.report(
          line,
          column,
          `${shown(content)} is no section`,
          'Write [group], [group:children] or [group:vars]',
        );
        group = null;
        continue;
      }
      kind = part;
      group = inventory.group(section[1] ?? '', line);
      continue;
    }
    if (group === null) continue;
    if (kind === 'vars') readVariable(content, group.variables, inventory, line, column);
    else if (kind === 'children') {
      const child = splitArguments(content)?.[0];
      if (child === undefined) inventory.report(line, column, `${shown(content)} is no group`);
      else {
        inventory.group(child, line);
        group.children.add(child);
      }
    } else readHostLine(content, group, inventory, line, column);
  }
  return inventory;
}

function readVariable(content: string, into: Variables, inventory: Inventory, line: number, column: number): void {
  const match = /^([^=\s]+)\s*=\s*(.*)$/.exec(content);
  if (!match) {
    inventory.report(line, column, `${shown(content.split(/[=\s]/)[0] ?? '')} is no variable`, 'Write "name=value"');
    return;
  }
  const value = match[2] ?? '';
  const quoted = /^(["'])(.*)\1$/.exec(value);
  into.set(match[1] ?? '', quoted ? (quoted[2] ?? '') : value);
}

function readHostLine(content: string, group: Group, inventory: Inventory, line: number, column: number): void {
  const words = splitArguments(content);
  const [pattern, ...pairs] = words ?? [];
  if (pattern === undefined) {
    inventory.report(line, column, 'a quote is not closed', 'End the quoted value');
    return;
  }
  const variables: [string, string][] = [];
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at > 0) variables.push([pair.slice(0, at), pair.slice(at + 1)]);
    else inventory.report(line, column, `${shown(pair)} is no variable`, 'Write "name=value" after the host');
  }
  for (const host of inventory.addHosts(pattern, group, line, column))
    for (const [name, value] of variables) host.set(name, value);
}
