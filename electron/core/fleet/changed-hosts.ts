import { isDeepStrictEqual } from 'node:util';

type Item = { readonly host: string };

/**
 * The hosts whose items in a list by host differ; null when the lists are not of the same hosts in the same order, or one of
 * them is none.
 */
export function changedHosts(before: unknown, after: unknown): Set<string> | null {
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return null;
  const changed = new Set<string>();
  for (const [index, item] of (after as readonly Item[]).entries()) {
    const old = before[index] as Item;
    if (old.host !== item.host) return null;
    if (!isDeepStrictEqual(old, item)) changed.add(item.host);
  }
  return changed;
}
