/** The time the simulated world runs on, and the one thing that wakes it. */
export interface WorldClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs once at that time or soon after; returns a function that cancels it. */
  wakeAt(atMs: number, run: () => void): () => void;
}

/** The real time; its timers never keep the process alive. */
export const realClock: WorldClock = {
  now: () => Date.now(),
  wakeAt(atMs, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, atMs - Date.now()), 0x7fff_ffff));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A time that only moves when told, for tests. */
export class HandClock implements WorldClock {
  #now: number;
  #waiting: { atMs: number; run: () => void }[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  wakeAt(atMs: number, run: () => void): () => void {
    const entry = { atMs, run };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== entry);
    };
  }

  /** Moves on by `ms`, waking in order whatever is due on the way. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = this.#waiting.filter(({ atMs }) => atMs <= until).sort((a, b) => a.atMs - b.atMs);
      if (!next) break;
      this.#waiting = this.#waiting.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.atMs);
      next.run();
    }
    this.#now = until;
  }
}
