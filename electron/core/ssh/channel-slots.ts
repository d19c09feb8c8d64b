import { fail } from '#shared/contract/problem.ts';

interface Waiting {
  take(): void;
  refuse(reason: string): void;
}

/** The sampler and the shell hold two. */
const residents = 2;

/** A limit that was lowered is tried one higher again after this: the host may have been crowded for a moment only. */
const regrowMs = 10_000;

/** Counts the session channels of one connection; those over the limit wait in order. */
export class ChannelSlots {
  readonly #limit: number;
  readonly #crowded: number;
  readonly #now: () => number;
  #most: number;
  #shrunkAt = 0;
  #used = 0;
  readonly #waiting: Waiting[] = [];

  /** So many at once; with no more than `crowded` allowed, whoever finds none free is refused instead of waiting. */
  constructor(most: number, crowded: number = residents, now: () => number = () => performance.now()) {
    this.#limit = most;
    this.#most = most;
    this.#crowded = crowded;
    this.#now = now;
  }

  get used(): number {
    return this.#used;
  }

  /**
   * Waits for a slot. Rejects when `signal` aborts or the connection closes first, and with `busy` where the server gives so
   * few that resident readers may hold them all for ever.
   */
  take(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(fail('cancelled', 'cancelled before a channel was free'));
    if (this.#most < this.#limit && this.#now() - this.#shrunkAt > regrowMs) {
      this.#most++;
      this.#shrunkAt = this.#now();
    }
    if (this.#used < this.#most) {
      this.#used++;
      return Promise.resolve();
    }
    if (this.#most <= this.#crowded)
      return Promise.reject(fail('busy', `sshd allows only ${this.#most} sessions at once`));
    return new Promise((resolve, reject) => {
      const forget = () => {
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        forget();
        reject(fail('cancelled', 'cancelled before a channel was free'));
      };
      const waiting: Waiting = {
        take: () => {
          forget();
          resolve();
        },
        refuse: (reason) => {
          forget();
          reject(fail('lost', reason));
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
    });
  }

  release(): void {
    const next = this.#used <= this.#most ? this.#waiting[0] : undefined;
    if (next) next.take();
    else this.#used--;
  }

  /** The server refused a channel: asks for no more at once than are open now. False when none are, so waiting is in vain. */
  shrink(): boolean {
    const open = this.#used - 1;
    if (open < 1) return false;
    this.#most = Math.min(this.#most, open);
    this.#shrunkAt = this.#now();
    return true;
  }

  refuseAll(reason: string): void {
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(reason);
  }
}
