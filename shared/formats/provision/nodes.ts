import type { YamlEntry, YamlNode } from '../yaml-tree/read.ts';

/** A mapping's entry, the last where a key is written twice; null when the node is no mapping or has no such key. */
export function entryOf(node: YamlNode | null, key: string): YamlEntry | null {
  return node?.kind === 'map' ? (node.entries.findLast((entry) => entry.key === key) ?? null) : null;
}

/** The value of a key; null when it is not there or says nothing. */
export function valueOf(node: YamlNode | null, key: string): YamlNode | null {
  const value = entryOf(node, key)?.value ?? null;
  return value === null || isNothing(value) ? null : value;
}

/** The text of a key; null when there is none. */
export function textOf(node: YamlNode | null, key: string): string | null {
  const value = valueOf(node, key);
  return value?.kind === 'text' ? value.text : null;
}

/** The truth of a key; null when it says neither. */
export function flagOf(node: YamlNode | null, key: string): boolean | null {
  const value = valueOf(node, key);
  if (value?.kind !== 'text' || !isFlag(value)) return null;
  return /^(true|yes|on|y)$/i.test(value.text);
}

/** The number of a key as YAML and Go read it: a leading 0 or 0o means octal. Null when it is none. */
export function numberOf(node: YamlNode | null, key: string): number | null {
  const value = valueOf(node, key);
  if (value?.kind !== 'text' || !isWhole(value)) return null;
  return /^0o?[0-7]+$/.test(value.text) ? Number.parseInt(value.text.replace('o', ''), 8) : Number(value.text);
}

/** The items of a key's list; none when it is no list. */
export function itemsOf(node: YamlNode | null, key: string): readonly YamlNode[] {
  const value = valueOf(node, key);
  return value?.kind === 'list' ? value.items : [];
}

/** The texts of a key's list with where they are. */
export function textsOf(node: YamlNode | null, key: string): (YamlNode & { kind: 'text' })[] {
  return itemsOf(node, key).filter((item) => item.kind === 'text' && !isNothing(item)) as (YamlNode & {
    kind: 'text';
  })[];
}

/** Whether a value says nothing: not written, or null in one of its spellings. */
export function isNothing(node: YamlNode): boolean {
  return node.kind === 'text' && node.source?.plain !== false && /^(|~|null|Null|NULL)$/.test(node.text);
}

/** Whether a value is a truth value. */
export function isFlag(node: YamlNode): boolean {
  return node.kind === 'text' && node.source?.plain === true && /^(true|false|yes|no|on|off|y|n)$/i.test(node.text);
}

/** Whether a value is a whole number that can be counted with. */
export function isWhole(node: YamlNode): boolean {
  return (
    node.kind === 'text' &&
    node.source?.plain === true &&
    /^(-?\d{1,15}|0o[0-7]{1,15}|0x[0-9a-fA-F]{1,12})$/.test(node.text)
  );
}
