import { randomBytes } from 'node:crypto';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import type { Scope } from '../lib/scope.ts';
import type { StoreLease } from './journal-store.ts';
import type { JournalFile } from './local-journal-file.ts';
import type { JournalRows } from './local-journal-rows.ts';

/** A lease that this store renews. */
interface Held {
  readonly life: Scope;
  readonly ttlMs: number;
  /** It counts as lost here this long before others may take what was bound to it. */
  readonly marginMs: number;
  readonly onLost: (problem: Problem) => void;
  /** By performance.now() and by the wall clock; the sooner counts, as one stands still in sleep and the other may jump. */
  aliveUntil: number;
  expires: number;
  /** Why it could not be renewed last. */
  trouble: Problem | null;
}

/** The leases of a journal file: those of this store are renewed, those of anybody that ran out are swept. */
export class LocalLeases {
  readonly #file: JournalFile;
  readonly #rows: JournalRows;
  readonly #scope: Scope;
  readonly #now: () => number;
  readonly #held = new Map<string, Held>();

  constructor(file: JournalFile, rows: JournalRows, scope: Scope, now: () => number) {
    this.#file = file;
    this.#rows = rows;
    this.#scope = scope;
    this.#now = now;
  }

  /** `changed` is called after keys went with it. */
  async grant(ttlSeconds: number, onLost: (problem: Problem) => void, changed: () => void): Promise<StoreLease> {
    if (!(ttlSeconds > 0)) throw fail('invalid-input', `a lease of ${ttlSeconds} seconds`);
    const id = randomBytes(8).toString('hex');
    const ttlMs = ttlSeconds * 1000;
    const marginMs = Math.min(1000, ttlMs / 5);
    const until = await this.#file.write(this.loseDue, () => {
      const times = this.#times(ttlMs, marginMs);
      this.#file.database.prepare('INSERT INTO leases (id, expires) VALUES (?, ?)').run(id, times.expires);
      return times;
    });
    const life = this.#scope.child(`lease ${id}`);
    const held: Held = { life, ttlMs, marginMs, onLost, ...until, trouble: null };
    this.#held.set(id, held);
    life.add(() => void this.#held.delete(id));
    life.every(ttlMs / 3, () => void this.#renew(id, held));
    life.every(Math.min(250, marginMs / 2), this.loseDue);
    const left = () => this.#aliveUntil(held);
    return {
      id,
      ttlSeconds,
      get aliveUntil() {
        return left();
      },
      release: async () => {
        await life.end();
        // With the store closed it runs out by itself.
        if (this.#scope.ended) return;
        await this.#file.write(this.loseDue, () => this.#remove([id]));
        changed();
      },
    };
  }

  /** Tells the holders of leases whose time is up here; to be called before others' keys are touched. */
  readonly loseDue = (): void => {
    for (const [id, held] of this.#held) {
      if (performance.now() < this.#aliveUntil(held)) continue;
      const why = held.trouble ? `: ${held.trouble.message}` : '';
      this.#lose(id, fail('lost', `the lease on the journal could not be renewed in time${why}`).problem);
    }
  };

  /** Tells the holders of leases that somebody else took away. */
  loseTaken(): void {
    if (this.#held.size === 0) return;
    const taken = this.#file.read(() => {
      const there = this.#file.database.prepare('SELECT 1 FROM leases WHERE id = ?');
      return [...this.#held.keys()].filter((id) => !there.get(id));
    });
    for (const id of taken) this.#lose(id, takenAway());
  }

  /** True when leases ran out whose keys are still there. */
  due(): boolean {
    return this.#file.read(() => this.#due().length > 0);
  }

  /** Deletes leases that ran out with their keys, as one revision; for a transaction. */
  sweep(): void {
    this.#remove(this.#due());
  }

  #due(): string[] {
    const rows = this.#file.database.prepare('SELECT id FROM leases WHERE expires <= ?').all(this.#now());
    // What is held here goes only after its holder was told.
    return rows.map((row) => String(row['id'])).filter((id) => !this.#held.has(id));
  }

  #remove(ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.#rows.take(ids.flatMap((id) => this.#rows.boundTo(id)).map((key) => ({ delete: key })));
    const remove = this.#file.database.prepare('DELETE FROM leases WHERE id = ?');
    for (const id of ids) remove.run(id);
  }

  async #renew(id: string, held: Held): Promise<void> {
    const update = 'UPDATE leases SET expires = ? WHERE id = ? AND expires > ?';
    try {
      const until = await this.#file.write(this.loseDue, () => {
        if (!this.#held.has(id)) return null;
        const times = this.#times(held.ttlMs, held.marginMs);
        const { changes } = this.#file.database.prepare(update).run(times.expires, id, this.#now());
        return changes > 0 ? times : 'gone';
      });
      if (until === 'gone') this.#lose(id, takenAway());
      else if (until) Object.assign(held, until, { trouble: null });
    } catch (error) {
      // The next attempt may pass; when none does in time, the holder is told.
      held.trouble = toProblem(error);
    }
  }

  #times(ttlMs: number, marginMs: number): Pick<Held, 'aliveUntil' | 'expires'> {
    return { aliveUntil: performance.now() + ttlMs - marginMs, expires: this.#now() + ttlMs };
  }

  #aliveUntil({ aliveUntil, expires, marginMs }: Held): number {
    return Math.min(aliveUntil, performance.now() + expires - marginMs - this.#now());
  }

  #lose(id: string, problem: Problem): void {
    const held = this.#held.get(id);
    if (!held) return;
    this.#held.delete(id);
    void held.life.end();
    held.onLost(problem);
  }
}

function takenAway(): Problem {
  return fail('lost', 'the lease on the journal ran out or was taken away').problem;
}
