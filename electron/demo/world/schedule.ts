import type { WorldClock } from './clock.ts';

interface Entry {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | null;
}

/** Everything that will happen, on one timer however many hosts there are. */
export class Schedule {
  readonly #clock: WorldClock;
  readonly #heap: Entry[] = [];
  #order = 0;
  #wakingAt = Number.POSITIVE_INFINITY;
  #cancelWake: (() => void) | null = null;
  #ended = false;

  constructor(clock: WorldClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Runs once after `ms`; returns a function that cancels it. Entries of the same time keep their order. */
  after(ms: number, run: () => void): () => void {
    return this.at(this.#clock.now() + ms, run);
  }

  /** Runs once at that time, epoch ms. */
  at(atMs: number, run: () => void): () => void {
    const entry: Entry = { atMs, order: this.#order++, run };
    if (this.#ended) return () => {};
    this.#push(entry);
    this.#wake();
    return () => {
      entry.run = null;
    };
  }

  end(): void {
    this.#ended = true;
    this.#cancelWake?.();
    this.#heap.length = 0;
  }

  #wake(): void {
    const next = this.#heap[0];
    if (!next || this.#ended || this.#wakingAt <= next.atMs) return;
    this.#cancelWake?.();
    this.#wakingAt = next.atMs;
    this.#cancelWake = this.#clock.wakeAt(next.atMs, () => this.#runDue());
  }

  #runDue(): void {
    const now = this.#clock.now();
    for (let next = this.#heap[0]; next && next.atMs <= now && !this.#ended; next = this.#heap[0]) {
      this.#pop();
      next.run?.();
    }
    this.#wakingAt = Number.POSITIVE_INFINITY;
    this.#wake();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Entry;
      if (!before(entry, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1] as Entry, heap[below] as Entry)) below++;
      if (!before(heap[below] as Entry, last)) break;
      heap[at] = heap[below] as Entry;
      at = below;
    }
    heap[at] = last;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
