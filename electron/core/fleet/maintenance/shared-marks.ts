import { z } from 'zod';
import { type HostMaintenance, hostMaintenance } from '#shared/contract/host.ts';
import { hostName } from '#shared/contract/ids.ts';
import { type Problem, toProblem } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { JournalStore, StoredEntry, StoreNews, StoreStep } from '../../changes/journal-store.ts';
import { parseStored } from '../../documents/stored-values.ts';
import type { Log } from '../../lib/log.ts';
import type { Marks } from './marks.ts';

const prefix = 'maintenance/';
const mostMarks = 10_000;
/** A commit takes a hundred steps. */
const atOnce = 100;
/** The latest moment that a date can name. */
const lastMs = 8.64e15;

const storedMark = z.object({
  v: z.literal(1),
  mark: hostMaintenance.extend({
    reason: z
      .string()
      .max(500)
      .transform((text) => cleanLine(text, 500))
      .pipe(z.string().min(1)),
    by: z
      .string()
      .max(300)
      .transform((text) => cleanLine(text, 300)),
    since: z.number().min(0).max(lastMs),
    until: z.number().min(0).max(lastMs),
  }),
});

export interface SharedMarksOptions {
  readonly log: Log;
  readonly now: () => number;
  /** These hosts are marked otherwise than before. */
  readonly changed: (hosts: readonly string[]) => void;
  /** Why what others marked is not known; null once it is. */
  readonly trouble: (problem: Problem | null) => void;
}

/** The marks that all consoles of a cluster share, in its etcd: `maintenance/HOST`. Followed until `stop`. */
export class SharedMarks implements Marks {
  readonly stop: () => void;
  readonly #store: JournalStore;
  readonly #options: SharedMarksOptions;
  readonly #marks = new Map<string, { readonly mark: HostMaintenance; readonly modified: number }>();

  /** `own` are marks made before there was an etcd to share them through: they go there once. */
  constructor(store: JournalStore, own: Marks, options: SharedMarksOptions) {
    this.#store = store;
    this.#options = options;
    let given = false;
    this.stop = store.watch(
      prefix,
      (news) => {
        this.#take(news);
        if (!given && own.hosts().length > 0) void this.#give(own);
        given = true;
      },
      options.trouble,
    );
  }

  get(host: string): HostMaintenance | null {
    return this.#marks.get(host)?.mark ?? null;
  }

  hosts(): string[] {
    return [...this.#marks.keys()];
  }

  async set(hosts: readonly string[], mark: HostMaintenance | null): Promise<void> {
    const steps = [...new Set(hosts)].map(
      (host): StoreStep =>
        mark ? { put: prefix + host, value: JSON.stringify({ v: 1, mark }) } : { delete: prefix + host },
    );
    for (let from = 0; from < steps.length; from += atOnce)
      await this.#store.commit([], steps.slice(from, from + atOnce));
  }

  expire(now: number): string[] {
    const gone = [...this.#marks].filter(([, { mark }]) => mark.until <= now);
    for (const [host, { modified }] of gone) {
      this.#marks.delete(host);
      // A mark that was renewed meanwhile stays. Who may not write leaves the tidying to others.
      const key = prefix + host;
      this.#store.commit([{ key, is: 'modified', at: modified }], [{ delete: key }]).catch(() => {});
    }
    return gone.map(([host]) => host);
  }

  #take({ reset, changed, gone }: StoreNews): void {
    const touched = new Set<string>();
    const forget = (host: string) => {
      if (this.#marks.delete(host)) touched.add(host);
    };
    if (reset) {
      const there = new Set(changed.map(({ key }) => key.slice(prefix.length)));
      for (const host of this.#marks.keys()) if (!there.has(host)) forget(host);
    }
    for (const key of gone) forget(key.slice(prefix.length));
    for (const entry of changed) {
      const host = entry.key.slice(prefix.length);
      const mark = this.#read(host, entry);
      if (!mark) forget(host);
      else if (this.#marks.size < mostMarks || this.#marks.has(host)) {
        this.#marks.set(host, { mark, modified: entry.modified });
        touched.add(host);
      }
    }
    if (touched.size > 0) this.#options.changed([...touched]);
  }

  /** Null for one that is over, or that no console of ours wrote. */
  #read(host: string, entry: StoredEntry): HostMaintenance | null {
    try {
      hostName.parse(host);
      const { mark } = parseStored(storedMark, entry);
      return mark.until > this.#options.now() ? mark : null;
    } catch (error) {
      this.#options.log.warn('a mark in etcd cannot be read', { key: entry.key, problem: toProblem(error).message });
      return null;
    }
  }

  async #give(own: Marks): Promise<void> {
    try {
      for (const host of own.hosts()) {
        const mark = own.get(host);
        const key = prefix + host;
        if (mark && mark.until > this.#options.now())
          await this.#store.commit([{ key, is: 'absent' }], [{ put: key, value: JSON.stringify({ v: 1, mark }) }]);
      }
      await own.set(own.hosts(), null);
    } catch (error) {
      this.#options.log.warn(`marks of this console could not be shared: ${toProblem(error).message}`);
    }
  }
}
