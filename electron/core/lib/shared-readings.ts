interface Reading {
  readonly stop: AbortController;
  readonly done: Promise<unknown>;
  waiting: number;
}

/** Readings of one thing: whoever asks for the same while it is read waits for that, so that nothing piles up. */
export class SharedReadings {
  readonly #open = new Map<string, Reading>();

  /**
   * Joins the reading of `key` that is under way, or begins one. `read` is told to end when it settles or nobody waits for
   * it any more; who stops waiting is rejected with the reason of their signal.
   */
  read<T>(key: string, signal: AbortSignal, read: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const reading = this.#open.get(key) ?? this.#begin(key, read);
    reading.waiting++;
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        reject(signal.reason as Error);
        if (--reading.waiting === 0) this.#end(key, reading, signal.reason);
      };
      if (signal.aborted) {
        leave();
        return;
      }
      signal.addEventListener('abort', leave, { once: true });
      const settled = () => signal.removeEventListener('abort', leave);
      (reading.done as Promise<T>).finally(settled).then(resolve, reject);
    });
  }

  /** Whoever asks from now on is read for anew; what is under way goes on for those who wait. */
  forget(): void {
    this.#open.clear();
  }

  #begin<T>(key: string, read: (signal: AbortSignal) => Promise<T>): Reading {
    const stop = new AbortController();
    const reading: Reading = { stop, waiting: 0, done: read(stop.signal) };
    const end = () => this.#end(key, reading, undefined);
    reading.done.then(end, end);
    this.#open.set(key, reading);
    return reading;
  }

  #end(key: string, reading: Reading, reason: unknown): void {
    if (this.#open.get(key) === reading) this.#open.delete(key);
    reading.stop.abort(reason);
  }
}
