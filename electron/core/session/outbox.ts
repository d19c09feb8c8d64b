import type { Change, PatchChange } from '#shared/contract/records.ts';
import type { Scope } from '../lib/scope.ts';

/** How patches are spaced: the first change goes at once, later ones at most one patch per this many ms. */
export const flushMs = { shown: 100, hidden: 1000 };

const mostUnacknowledged = 2;

interface Pending {
  readonly change: Change;
  /** Of these hosts alone something is new. */
  readonly hosts: ReadonlySet<string> | null;
}

/**
 * Folds changes (the last wins per record and section) into numbered patches. Never more than two are
 * unacknowledged, so a slow view gets fewer, larger patches instead of a queue.
 */
export class Outbox {
  readonly #scope: Scope;
  readonly #send: (seq: number, changes: PatchChange[]) => void;
  readonly #pending = new Map<string, Pending>();
  #seq = 0;
  #acknowledged = 0;
  #lastFlushAt = Number.NEGATIVE_INFINITY;
  #timer: (() => void) | null = null;
  #intervalMs = flushMs.shown;

  constructor(scope: Scope, send: (seq: number, changes: PatchChange[]) => void) {
    this.#scope = scope;
    this.#send = send;
  }

  setHidden(hidden: boolean): void {
    this.#intervalMs = hidden ? flushMs.hidden : flushMs.shown;
    if (!hidden) this.#schedule();
  }

  /** `hosts` are those whose items changed in a list by host, the rest being as before; null when all of the value counts. */
  push(change: Change, hosts: ReadonlySet<string> | null = null): void {
    const key = `${change[0]}\n${change[1]}\n${change[2]}`;
    const waiting = this.#pending.get(key);
    const both = waiting ? hosts && waiting.hosts && new Set([...waiting.hosts, ...hosts]) : hosts;
    // Deleting first keeps the order of last changes, so that a removed and re-made record arrives in that order.
    this.#pending.delete(key);
    this.#pending.set(key, { change, hosts: both });
    this.#schedule();
  }

  /** Drops what is pending and hands out the number of the snapshot that replaces it. */
  restart(): number {
    this.#pending.clear();
    this.#seq += 1;
    this.#acknowledged = this.#seq - 1;
    return this.#seq;
  }

  acknowledge(seq: number): void {
    if (seq > this.#acknowledged && seq <= this.#seq) this.#acknowledged = seq;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer || this.#pending.size === 0 || this.#seq - this.#acknowledged >= mostUnacknowledged) return;
    const wait = this.#lastFlushAt + this.#intervalMs - performance.now();
    this.#timer = this.#scope.after(Math.max(0, wait), () => {
      this.#timer = null;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#pending.size === 0 || this.#seq - this.#acknowledged >= mostUnacknowledged) return;
    const changes = [...this.#pending.values()].map(toPatch);
    this.#pending.clear();
    this.#seq += 1;
    this.#lastFlushAt = performance.now();
    this.#send(this.#seq, changes);
  }
}

function toPatch({ change, hosts }: Pending): PatchChange {
  if (!hosts) return change;
  const [kind, id, section, items] = change as [string, string, string, { readonly host: string }[]];
  return [kind, id, section, items.filter(({ host }) => hosts.has(host)), 'items'] as unknown as PatchChange;
}
