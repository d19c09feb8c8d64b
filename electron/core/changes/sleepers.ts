import { fail } from '#shared/contract/problem.ts';

const leftText = 'this console no longer drives the change';

/** Everything of one change that waits for time to pass. */
export class Sleepers {
  readonly #sleeping = new Set<() => void>();
  readonly #leaving = new AbortController();

  /** Aborted when the change is left. */
  get left(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Something was asked of the change: who waits looks again. */
  wake(): void {
    for (const wake of this.#sleeping) wake();
  }

  /** Nobody waits here any more. */
  leave(): void {
    this.#leaving.abort(fail('cancelled', leftText));
    this.wake();
  }

  /** Ends early when something is asked of the change. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#sleeping.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.max(0, ms));
      this.#sleeping.add(wake);
      if (this.left.aborted) wake();
    });
  }

  /** For a host that has not gone down yet: ends early when something is asked, rejects with `cancelled` when the console is left. */
  async nap(ms: number): Promise<void> {
    await this.sleep(ms);
    this.left.throwIfAborted();
  }

  /** For a host under way: what is asked does not hurry it; rejects with `cancelled` when the console is left. */
  async sleepUnlessLeft(ms: number): Promise<void> {
    const until = performance.now() + ms;
    while (performance.now() < until && !this.left.aborted) await this.sleep(until - performance.now());
    this.left.throwIfAborted();
  }
}
