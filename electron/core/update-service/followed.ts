import type { z } from 'zod';
import { toProblem } from '#shared/contract/problem.ts';
import type { StoredEntry } from '../changes/journal-store.ts';
import { parseStored } from '../documents/stored-values.ts';
import type { Log } from '../lib/log.ts';

/** A value with the revision at which it was written. */
export interface Kept<T> {
  readonly revision: number;
  readonly value: T;
}

/** All values below a prefix, by the rest of their key, as the store told them. */
export class Followed<T> {
  readonly prefix: string;
  readonly #schema: z.ZodType<{ v: 1; value: T }>;
  readonly #log: Log;
  readonly #values = new Map<string, Kept<T>>();

  constructor(prefix: string, schema: z.ZodType<{ v: 1; value: T }>, log: Log) {
    this.prefix = prefix;
    this.#schema = schema;
    this.#log = log;
  }

  get(id: string): Kept<T> | null {
    return this.#values.get(id) ?? null;
  }

  all(): Kept<T>[] {
    return [...this.#values.values()];
  }

  values(): T[] {
    return this.all().map(({ value }) => value);
  }

  /** The values whose keys come last, the last one first. */
  last(most: number): T[] {
    const ids = [...this.#values.keys()].toSorted().toReversed().slice(0, most);
    return ids.flatMap((id) => this.get(id)?.value ?? []);
  }

  /** Takes what was written; what cannot be read counts as not there, and is told. */
  put(entry: StoredEntry): void {
    const id = entry.key.slice(this.prefix.length);
    try {
      this.#values.set(id, { revision: entry.modified, value: parseStored(this.#schema, entry).value });
    } catch (error) {
      this.#values.delete(id);
      this.#log.warn('a key of the update service cannot be read', {
        key: entry.key,
        problem: toProblem(error).message,
      });
    }
  }

  delete(key: string): void {
    this.#values.delete(key.slice(this.prefix.length));
  }

  clear(): void {
    this.#values.clear();
  }
}
