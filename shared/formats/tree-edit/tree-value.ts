import type { KeyStep } from '../settings/key-path.ts';

/** A scalar to write: `bare` where it is a number or a truth value, so that quotes would make a text of it. */
export interface TreeScalar {
  readonly text: string;
  readonly bare: boolean;
}

/** What a form writes into a tree of keys: one value, keys with their values, or a list of values. */
export type TreeValue =
  | TreeScalar
  | { readonly fields: readonly (readonly [key: string, value: TreeValue])[] }
  | { readonly items: readonly TreeValue[] };

/** A text as a value. */
export function wordsOf(text: string): TreeScalar {
  return { text, bare: false };
}

/** A value below keys that are not there either; null where one of them is a place in a list. */
export function below(keys: readonly KeyStep[], value: TreeValue): TreeValue | null {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const inner = typeof key === 'string' ? below(rest, value) : null;
  return inner && { fields: [[String(key), inner]] };
}
