import type { z } from 'zod';
import { type Problem, toProblem } from '#shared/contract/problem.ts';
import type { JournalStore, StoredEntry } from '../changes/journal-store.ts';
import { parseStored } from '../documents/stored-values.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';

/** A value with the revision at which it was written. */
export interface Kept<T> {
  readonly revision: number;
  readonly value: T;
}

/** All values below a prefix, by the rest of their key, kept as the store has them until the scope ends. */
export class Followed<T> {
  /** Resolves once they are known for the first time. */
  readonly ready: Promise<void>;
  problem: Problem | null = null;
  readonly #values = new Map<string, Kept<T>>();

  constructor(
    store: JournalStore,
    prefix: string,
    schema: z.ZodType<{ v: 1; value: T }>,
    options: { readonly scope: Scope; readonly log: Log; readonly changed: () => void },
  ) {
    const { scope, log, changed } = options;
    const read = (entry: StoredEntry): Kept<T> | null => {
      try {
        return { revision: entry.modified, value: parseStored(schema, entry).value };
      } catch (error) {
        log.warn('a key of the update service cannot be read', { key: entry.key, problem: toProblem(error).message });
        return null;
      }
    };
    const first = Promise.withResolvers<void>();
    this.ready = first.promise;
    const stop = store.watch(
      prefix,
      (news) => {
        if (news.reset) this.#values.clear();
        for (const key of news.gone) this.#values.delete(key.slice(prefix.length));
        for (const entry of news.changed) {
          const kept = read(entry);
          const id = entry.key.slice(prefix.length);
          if (kept) this.#values.set(id, kept);
          else this.#values.delete(id);
        }
        first.resolve();
        changed();
      },
      (problem) => {
        this.problem = problem;
        changed();
      },
    );
    scope.add(stop);
    scope.add(() => first.resolve());
  }

  get(id: string): Kept<T> | null {
    return this.#values.get(id) ?? null;
  }

  all(): [string, Kept<T>][] {
    return [...this.#values];
  }

  values(): T[] {
    return [...this.#values.values()].map(({ value }) => value);
  }
}
