import type { Probe } from '../probes/host-scripts.ts';

/** Between two readings of what may change while a host runs. */
const everyMs = 120_000;
/** All facts are read again after this, a dozen programs on the host: or sooner, when something tells of an update. */
const wholeEveryMs = 3_600_000;
/** Somebody who looks at the host is not shown facts older than this. */
const wholeForLookMs = 600_000;
/** What was read this short a time ago is fresh enough for somebody who begins to look at the host. */
const freshMs = 5_000;
/** A disk that hangs may keep each program that asks for it: it is asked ever more seldom. */
const longestPauseMs = 1_800_000;
const pauseForLookMs = 60_000;

/** Decides what of a host is read at a time: how often, how much, and whether facts and disks together. */
export class ProbePlan {
  readonly everyMs = everyMs;
  #readAt = Date.now();
  #wholeAt: number | null = null;
  #whole = false;
  #disksFailures = 0;
  #disksTriedAt = 0;

  /** What is to be read now, one command each. */
  next(now: number): Probe[] {
    this.#readAt = now;
    const whole = this.#whole || this.#wholeAt === null || now - this.#wholeAt >= wholeEveryMs;
    if (this.#disksFailures === 0) return [whole ? 'all' : 'changing'];
    const pause = Math.min(longestPauseMs, everyMs * 2 ** (this.#disksFailures - 1));
    const facts: Probe = whole ? 'first' : 'facts';
    // A little early is on time: the readings follow one another with the time they take in between.
    return now - this.#disksTriedAt >= pause - everyMs / 4 ? [facts, 'disks'] : [facts];
  }

  /** Somebody begins to look at the host; returns whether it is to be read for that. */
  lookedAt(now: number): boolean {
    if (now - this.#readAt <= freshMs) return false;
    if (this.#wholeAt !== null && now - this.#wholeAt >= wholeForLookMs) this.#whole = true;
    if (now - this.#disksTriedAt >= pauseForLookMs) this.#disksTriedAt = 0;
    return true;
  }

  /** Facts were read; `updated` when they tell that others will have changed too. */
  read(probe: Probe, at: number, updated: boolean): void {
    this.#readAt = at;
    const whole = probe === 'first' || probe === 'all';
    if (whole) this.#wholeAt = at;
    this.#whole = updated && !whole;
  }

  /** What stands in the facts may be of another boot, or of nothing: the next reading takes all of them. */
  factsFailed(): void {
    this.#whole = true;
  }

  disksWorked(): void {
    this.#disksFailures = 0;
  }

  disksFailed(at: number): void {
    this.#disksFailures++;
    this.#disksTriedAt = at;
  }
}
