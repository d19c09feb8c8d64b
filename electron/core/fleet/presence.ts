import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import { type PresentConsole, presentConsole } from '#shared/contract/presence.ts';
import { type Problem, toProblem } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { JournalStore, StoredEntry, StoreNews } from '../changes/journal-store.ts';
import { parseStored } from '../documents/stored-values.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import type { Actor } from './actor.ts';
import { Announcement } from './announcement.ts';
import type { Records } from './records.ts';

const prefix = 'presence/';
const mostConsoles = 500;

const name = z
  .string()
  .min(1)
  .max(300)
  .transform((text) => cleanLine(text, 120));
const storedConsole = z.object({ v: z.literal(1), person: name, console: name, since: z.number().min(0).max(8.64e15) });

export interface PresenceOptions {
  readonly records: Records;
  readonly log: Log;
  readonly actor: Actor;
  readonly now: () => number;
  /** One for all clusters of this console: it may know one etcd by several cluster files. */
  readonly consoleId: string;
}

/**
 * Who has this cluster open: each console keeps a key below `presence/` in the cluster's etcd, bound to a lease, so that it
 * goes when the console does. Without etcd a console knows only itself.
 */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #id: string;
  readonly #self: PresentConsole;
  readonly #others = new Map<string, PresentConsole>();
  #kind: 'etcd' | 'local' = 'local';
  #behind: Problem | null = null;
  #unseen: Problem | null = null;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#id = `${options.consoleId}-${randomBytes(4).toString('hex')}`;
    this.#self = presentConsole.parse({
      id: this.#id,
      person: options.actor.name,
      console: cleanLine(hostname(), 120),
      since: options.now(),
    });
    this.#tell();
  }

  /** Announces this console in the cluster's etcd and follows the others, until the scope ends; null when it has no etcd. */
  use(store: JournalStore | null, scope: Scope): void {
    this.#kind = store ? 'etcd' : 'local';
    this.#others.clear();
    this.#behind = null;
    this.#unseen = null;
    this.#tell();
    if (!store) return;
    const mine = new Announcement(store, prefix + this.#id, this.#value(), scope, (problem) => {
      if (problem && !this.#unseen) this.#options.log.info('others do not see this console', { why: problem.message });
      this.#unseen = problem;
      this.#tell();
    });
    scope.add(
      store.watch(
        prefix,
        (news) => {
          this.#take(news);
          mine.heard(news);
        },
        (problem) => {
          this.#behind = problem;
          this.#tell();
        },
      ),
    );
  }

  #value(): string {
    const { person, console, since } = this.#self;
    return JSON.stringify({ v: 1, person, console, since });
  }

  #take({ reset, changed, gone }: StoreNews): void {
    if (reset) this.#others.clear();
    for (const key of gone) this.#others.delete(key.slice(prefix.length));
    for (const entry of changed) this.#read(entry.key.slice(prefix.length), entry);
    this.#tell();
  }

  #read(id: string, entry: StoredEntry): void {
    if (id.startsWith(`${this.#options.consoleId}-`)) return;
    this.#others.delete(id);
    if (this.#others.size >= mostConsoles) return;
    try {
      const { v: _v, ...rest } = parseStored(storedConsole, entry);
      this.#others.set(id, presentConsole.parse({ id, ...rest }));
    } catch (error) {
      this.#options.log.warn('a console in etcd cannot be read', { key: entry.key, problem: toProblem(error).message });
    }
  }

  #tell(): void {
    const others = [...this.#others.values()].toSorted((a, b) => a.since - b.since);
    this.#options.records.publish('cluster', '', 'presence', {
      kind: this.#kind,
      self: this.#self,
      others,
      behind: this.#behind,
      unseen: this.#unseen,
    });
  }
}
