/**
 * A clock that stands still while this thread could not run, so that a host is never called silent for a time in which
 * nobody here was able to listen. `beat` must be called by a timer; times are in ms and never go back.
 */
export class StallClock {
  readonly #now: () => number;
  #stalled = 0;
  #lastBeat: number;
  /** Time after the last beat that still counts. */
  #allowed: number;
  #lateMs = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#lastBeat = now();
    this.#allowed = slackMs;
  }

  /** The timer ran, and should run again in `nextMs`. */
  beat(nextMs: number): void {
    const now = this.#now();
    const gap = now - this.#lastBeat;
    this.#lateMs = Math.max(this.#lateMs * 0.8, gap - this.#allowed + slackMs);
    if (gap > this.#allowed) this.#stalled += gap - this.#allowed;
    this.#lastBeat = now;
    this.#allowed = nextMs + slackMs;
  }

  now(): number {
    return Math.min(this.#now(), this.#lastBeat + this.#allowed) - this.#stalled;
  }

  /** How late the thread's loop lately was, in ms; fades with each beat. */
  get lateMs(): number {
    return Math.max(this.#lateMs, this.#now() - this.#lastBeat - this.#allowed);
  }
}

/** A timer may be this late for no one to have missed anything. */
const slackMs = 30;
