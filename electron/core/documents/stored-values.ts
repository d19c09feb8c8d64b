import { z } from 'zod';
import { configDocument, documentRevision } from '#shared/contract/document.ts';
import { fail } from '#shared/contract/problem.ts';
import type { StoredEntry } from '../changes/journal-store.ts';

/** The newest revision of a document; small, as every console follows all of them. */
export const storedHead = z.object({ v: z.literal(1), last: documentRevision, oldest: z.int().min(1) });
/** One revision as a list shows it. */
export const storedRevision = z.object({ v: z.literal(1), revision: documentRevision });
/** What a revision says. */
export const storedText = z.object({ v: z.literal(1), document: configDocument });

/**
 * Where documents lie, below the store's root. Heads lie apart from revisions, so that following what is newest never
 * reads what is old.
 */
export const keys = {
  heads: 'documents/heads/',
  head: (name: string) => `documents/heads/${name}`,
  revisions: (name: string) => `documents/revisions/${name}/`,
  revision: (name: string, revision: number) => `documents/revisions/${name}/${revision}`,
  text: (name: string, revision: number) => `documents/texts/${name}/${revision}`,
} as const;

/** Checks a value of the store; throws `protocol` with its key. */
export function parseStored<T extends z.ZodType>(schema: T, entry: StoredEntry): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(entry.value);
  } catch {
    throw fail('protocol', `${entry.key} is not JSON`, { hint: 'Somebody else wrote there; see who.' });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw fail('protocol', `${entry.key}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(), {
    hint: 'It was written by a newer Quarterdeck, or by something else.',
  });
}
