import type { Problem } from '#shared/contract/problem.ts';

/** After this long a change is not driven on by itself: a person has to look first. */
const forMs = 10 * 60_000;
const firstPauseMs = 1000;
const longestPauseMs = 15_000;
/** After it woke a machine is told of all that was lost meanwhile within this time. */
const wakesWithinMs = 60_000;

const passing: ReadonlySet<Problem['code']> = new Set(['unreachable', 'lost', 'timeout', 'busy']);

/** Whether a later try may find it otherwise. */
export const mayPass = ({ code }: Problem) => passing.has(code);

/** When a change that came to a stop is tried again, by the wall clock: it goes on while a machine sleeps. */
export class Pauses {
  readonly #now: () => number;
  readonly #waking = new Set<() => void>();
  #beatAt: number;
  #wokeAt = -Infinity;
  #ended = false;

  constructor(now: () => number) {
    this.#now = now;
    this.#beatAt = now();
  }

  beat(): void {
    const now = this.#now();
    if (now - this.#beatAt > forMs) this.#wokeAt = now;
    this.#beatAt = now;
  }

  /** Whether this machine was asleep for so long, up to this moment, that what it drove is not gone on with unasked. */
  slept(): boolean {
    const now = this.#now();
    return now - this.#beatAt > forMs || now - this.#wokeAt < wakesWithinMs;
  }

  /** Pauses before each try, longer each time; true with the last one. None follow once it has ended. */
  async *tries(): AsyncGenerator<boolean> {
    const until = this.#now() + forMs;
    for (let pause = firstPauseMs; !this.#ended; pause = Math.min(2 * pause, longestPauseMs)) {
      await this.#sleep(pause);
      if (this.#ended) return;
      const last = this.#now() >= until;
      yield last;
      if (last) return;
    }
  }

  end(): void {
    this.#ended = true;
    for (const wake of this.#waking) wake();
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waking.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waking.add(wake);
    });
  }
}
