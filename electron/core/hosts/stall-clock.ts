/**
 * A clock that stands still while this thread could not run, so that a host is never called silent for a time in which
 * nobody here was able to listen. `beat` must be called every `stepMs` by a timer; times are in ms and never go back.
 */
export class StallClock {
  readonly #now: () => number;
  readonly #slackMs: number;
  #stalled = 0;
  #lastBeat: number;
  #lastLateMs = 0;

  constructor(stepMs: number, now: () => number) {
    this.#now = now;
    this.#slackMs = stepMs + 30;
    this.#lastBeat = now();
  }

  beat(): void {
    const now = this.#now();
    const gap = now - this.#lastBeat;
    this.#lastLateMs = Math.max(this.#lastLateMs * 0.8, gap - (this.#slackMs - 30));
    if (gap > this.#slackMs) this.#stalled += gap - this.#slackMs;
    this.#lastBeat = now;
  }

  now(): number {
    return Math.min(this.#now(), this.#lastBeat + this.#slackMs) - this.#stalled;
  }

  /** How late the thread's loop lately was, in ms; fades within a second. */
  get lateMs(): number {
    return Math.max(this.#lastLateMs, this.#now() - this.#lastBeat - this.#slackMs);
  }
}
