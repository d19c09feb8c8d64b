interface Waiting {
  readonly go: () => void;
  readonly leave: (reason: unknown) => void;
}

/** Runs at most `most` tasks at once; the rest wait in order. */
export class Limiter {
  readonly #most: number;
  readonly #waiting = new Set<Waiting>();
  #running = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** A task whose signal is aborted before its turn is never run: rejects with the reason. */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#running >= this.#most) await this.#turn(signal);
    else this.#running++;
    try {
      signal?.throwIfAborted();
      return await task();
    } finally {
      const [next] = this.#waiting;
      // The place is handed on, so that nobody slips in between.
      if (next) next.go();
      else this.#running--;
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const left = () => waiting.leave(signal?.reason);
      const done = (end: () => void) => {
        this.#waiting.delete(waiting);
        signal?.removeEventListener('abort', left);
        end();
      };
      const waiting: Waiting = { go: () => done(resolve), leave: (reason) => done(() => reject(reason)) };
      if (signal?.aborted) reject(signal.reason as Error);
      else {
        this.#waiting.add(waiting);
        signal?.addEventListener('abort', left, { once: true });
      }
    });
  }
}
