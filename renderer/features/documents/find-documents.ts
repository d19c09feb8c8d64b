import type { RecordOf } from '#shared/contract/records.ts';
import { whatItIs } from '../../parts/drift-words.ts';

/** Names of documents in which every word of a filter is found: in the name, what it is, for whom, or who wrote it last and why. */
export function findDocuments(documents: ReadonlyMap<string, RecordOf<'document'>>, filter: string): string[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found: string[] = [];
  for (const [name, { about }] of documents) {
    if (!about) continue;
    const text = [name, whatItIs(about), about.format, about.targets, about.last.by, about.last.message]
      .join('\n')
      .toLowerCase();
    if (words.every((word) => text.includes(word))) found.push(name);
  }
  return found.toSorted();
}
