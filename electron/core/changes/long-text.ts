import { z } from 'zod';
import { fail } from '#shared/contract/problem.ts';
import type { EntriesByKey, JournalStore } from './journal-store.ts';
import { sha256 } from './plan-hash.ts';

/** A text that may be longer than one commit: how many keys hold it, and the hash of the whole. */
export const longText = z.object({ parts: z.int().min(0).max(1000), hash: z.string().regex(/^[0-9a-f]{64}$/) });
export type LongText = z.infer<typeof longText>;

/** At most three bytes of UTF-8 each: one part fits in a commit of 1 MiB. */
const mostChars = 300_000;

const keyOf = (prefix: string, part: number) => `${prefix}${String(part).padStart(4, '0')}`;

/** Writes a text below a prefix, in as many keys as it takes, each in a commit of its own. */
export async function putLongText(store: JournalStore, prefix: string, text: string): Promise<LongText> {
  let parts = 0;
  for (let at = 0; at < text.length; parts++) {
    let end = Math.min(text.length, at + mostChars);
    // Half of a pair is no character: it would not come back as it was.
    if (/[\uD800-\uDBFF]/.test(text.charAt(end - 1)) && end < text.length) end--;
    await store.commit([], [{ put: keyOf(prefix, parts), value: text.slice(at, end) }]);
    at = end;
  }
  return { parts, hash: sha256(text) };
}

/** Puts a text together again, and says whether it is what was written; `protocol` when a part is missing. */
export function joinLongText(
  entries: EntriesByKey,
  prefix: string,
  { parts, hash }: LongText,
): { text: string; whole: boolean } {
  const values: string[] = [];
  for (let part = 0; part < parts; part++) {
    const entry = entries.get(keyOf(prefix, part));
    if (!entry) throw fail('protocol', `the journal lacks ${keyOf(prefix, part)}`);
    values.push(entry.value);
  }
  const text = values.join('');
  return { text, whole: sha256(text) === hash };
}
