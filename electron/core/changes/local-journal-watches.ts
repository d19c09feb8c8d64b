import { type Problem, toProblem } from '#shared/contract/problem.ts';
import type { StoreNews } from './journal-store.ts';
import type { JournalFile } from './local-journal-file.ts';
import type { JournalRows } from './local-journal-rows.ts';

interface Watcher {
  readonly prefix: string;
  readonly news: (news: StoreNews) => void;
  readonly trouble: (problem: Problem | null) => void;
  /** The last revision it knows; null before all that is there was told. */
  revision: number | null;
  troubled: string | null;
}

/** Tells watchers of a journal file, in order and once, what each revision changed; who fell too far behind gets a reset. */
export class LocalWatches {
  readonly #file: JournalFile;
  readonly #rows: JournalRows;
  readonly #watchers = new Set<Watcher>();
  #soon = false;

  constructor(file: JournalFile, rows: JournalRows) {
    this.#file = file;
    this.#rows = rows;
  }

  add(prefix: string, news: Watcher['news'], trouble: Watcher['trouble']): () => void {
    const watcher: Watcher = { prefix, news, trouble, revision: null, troubled: null };
    this.#watchers.add(watcher);
    this.tellSoon();
    return () => void this.#watchers.delete(watcher);
  }

  /** True while a watcher could not be told. */
  get behind(): boolean {
    return [...this.#watchers].some(({ troubled }) => troubled !== null);
  }

  clear(): void {
    this.#watchers.clear();
  }

  /** Once the running call is through: no watcher is told from inside a commit, or before it can be stopped. */
  tellSoon(): void {
    if (this.#soon) return;
    this.#soon = true;
    queueMicrotask(() => {
      this.#soon = false;
      this.tell();
    });
  }

  tell(): void {
    for (const watcher of this.#watchers) {
      try {
        const { news, revision } = this.#file.read(() => this.#newsFor(watcher));
        for (const one of news) {
          if (!this.#watchers.has(watcher)) break;
          watcher.news(one);
          watcher.revision = one.revision;
        }
        watcher.revision = revision;
        this.#trouble(watcher, null);
      } catch (error) {
        this.#trouble(watcher, toProblem(error));
      }
    }
  }

  /** Nothing can be read for now: every watcher is behind. */
  trouble(problem: Problem): void {
    for (const watcher of this.#watchers) this.#trouble(watcher, problem);
  }

  #newsFor({ prefix, revision: last }: Watcher): { news: readonly StoreNews[]; revision: number } {
    const revision = this.#rows.revision();
    if (last === revision) return { news: [], revision };
    const news = last === null ? null : this.#rows.changesAfter(last, prefix);
    return { news: news ?? [{ reset: true, revision, changed: this.#rows.list(prefix), gone: [] }], revision };
  }

  #trouble(watcher: Watcher, problem: Problem | null): void {
    const words = problem?.message ?? null;
    if (words === watcher.troubled || !this.#watchers.has(watcher)) return;
    watcher.troubled = words;
    watcher.trouble(problem);
  }
}
