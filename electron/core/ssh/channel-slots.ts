import { fail } from '#shared/contract/problem.ts';

interface Waiting {
  take(): void;
  refuse(reason: string): void;
}

/** The sampler and the shell hold two. */
const crowded = 2;

/** Counts the session channels of one connection; those over the limit wait in order. */
export class ChannelSlots {
  #most: number;
  #used = 0;
  readonly #waiting: Waiting[] = [];

  constructor(most: number) {
    this.#most = most;
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
    if (this.#used < this.#most) {
      this.#used++;
      return Promise.resolve();
    }
    if (this.#most <= crowded) return Promise.reject(fail('busy', `sshd allows only ${this.#most} sessions at once`));
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
    return true;
  }

  refuseAll(reason: string): void {
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(reason);
  }
}
