import { isNothing } from '../provision/nodes.ts';
import type { KeyStep } from '../settings/key-path.ts';
import type { YamlNode } from '../yaml-tree/read.ts';
import type { TreeValue } from './tree-value.ts';

/** What a tree says, without places and spellings. */
export type Plain = string | readonly Plain[] | ReadonlyMap<string, Plain> | null;

/** What a tree that was read says. */
export function plainNode(node: YamlNode | null): Plain {
  if (node === null || isNothing(node)) return null;
  if (node.kind === 'text') return node.text;
  if (node.kind === 'list') return node.items.map(plainNode);
  return new Map(node.entries.map(({ key, value }) => [key, plainNode(value)]));
}

/** What a value that is to be written says. */
export function plainValue(value: TreeValue): Plain {
  if ('items' in value) return value.items.map(plainValue);
  if ('fields' in value) return new Map(value.fields.map(([key, inner]) => [key, plainValue(inner)]));
  return value.text;
}

/** One spelling for all trees that say the same; empty lists and mappings say nothing. */
export function said(value: Plain): string {
  if (value === null) return '';
  if (typeof value === 'string') return JSON.stringify(value);
  if (isList(value)) return value.length === 0 ? '' : `[${value.map(said).join(',')}]`;
  const entries = [...value].map(([key, inner]) => [key, said(inner)] as const).filter(([, inner]) => inner !== '');
  if (entries.length === 0) return '';
  return `{${entries
    .map(([key, inner]) => `${JSON.stringify(key)}:${inner}`)
    .toSorted()
    .join(',')}}`;
}

/** A tree with another value at a place; `undefined` takes it out. */
export function changed(
  tree: Plain,
  [step, ...rest]: readonly KeyStep[],
  how: (was: Plain) => Plain | undefined,
): Plain {
  if (step === undefined) return how(tree) ?? null;
  const inner = (was: Plain): Plain | undefined => (rest.length === 0 ? how(was) : changed(was, rest, how));
  if (typeof step === 'number') {
    if (!isList(tree)) return tree;
    return tree.flatMap((item, at) => {
      const made = at === step ? inner(item) : item;
      return made === undefined ? [] : [made];
    });
  }
  const map = new Map(isMap(tree) ? tree : []);
  const made = inner(map.get(step) ?? null);
  if (made === undefined) map.delete(step);
  else map.set(step, made);
  return map;
}

/** A list with one more item. */
export function withItem(was: Plain, item: Plain): Plain {
  return isList(was) ? [...was, item] : [item];
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value);
const isMap = (value: Plain): value is ReadonlyMap<string, Plain> => value instanceof Map;
