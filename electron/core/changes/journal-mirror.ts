import { toProblem } from '#shared/contract/problem.ts';
import type { Log } from '../lib/log.ts';
import { keys, readChange, type StoredChange } from './stored-change.ts';
import type { StoredEntry, StoreNews } from './journal-store.ts';

/** The part of the journal that holds changes, as this console last heard of it. */
export class JournalMirror {
  readonly #log: Log;
  readonly #changes = new Map<string, Map<string, StoredEntry>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Takes what a watch told; answers the ids of the changes it concerns. */
  take(news: StoreNews): Set<string> {
    const touched = new Set<string>();
    if (news.reset) {
      for (const id of this.#changes.keys()) touched.add(id);
      this.clear();
    }
    for (const key of news.gone) {
      const id = idOf(key);
      touched.add(id);
      const entries = this.#changes.get(id);
      entries?.delete(key);
      if (entries?.size === 0) this.#changes.delete(id);
    }
    for (const entry of news.changed) {
      const id = idOf(entry.key);
      touched.add(id);
      const entries = this.#changes.get(id);
      if (entries) entries.set(entry.key, entry);
      else this.#changes.set(id, new Map([[entry.key, entry]]));
    }
    return touched;
  }

  clear(): void {
    this.#changes.clear();
  }

  /** Null when it is not there, or cannot be read; then the log says why. */
  stored(id: string): StoredChange | null {
    const entries = this.#changes.get(id);
    // Its texts come first: without a plan it is still being written down.
    if (!entries?.has(keys.plan(id))) return null;
    try {
      return readChange(id, entries);
    } catch (error) {
      this.#log.warn(`change ${id} in the journal: ${toProblem(error).message}`);
      return null;
    }
  }

  /** Changes whose plan never came, by the day in their ids (as 20261123) before `day`: their console died over them. */
  unfinished(day: string): string[] {
    return [...this.#changes].flatMap(([id, entries]) =>
      entries.has(keys.plan(id)) || id.slice(0, 8) >= day ? [] : [id],
    );
  }

  /** All that can be read, and whose plan is whole. */
  all(): StoredChange[] {
    return [...this.#changes.keys()].flatMap((id) => {
      const stored = this.stored(id);
      return stored && !stored.altered ? [stored] : [];
    });
  }
}

function idOf(key: string): string {
  return key.split('/')[1] ?? '';
}
