interface Waiting {
  readonly urgent: boolean;
  readonly enter: () => void;
}

const fewest = 4;

/**
 * Lets a bounded number of handshakes run at once. The bound moves between 4 and `most`: up by one for every
 * quick success, down by a fifth when this thread's loop was late, since more handshakes then only make each slower.
 */
export class HandshakeGate {
  readonly #most: number;
  readonly #lateMs: () => number;
  #bound: number;
  #inside = 0;
  readonly #waiting: Waiting[] = [];

  constructor(most: number, lateMs: () => number) {
    this.#most = Math.max(1, most);
    this.#bound = Math.min(this.#most, 20);
    this.#lateMs = lateMs;
  }

  get bound(): number {
    return this.#bound;
  }

  /** Waits for a turn; `urgent` ones (jump hosts) go first. Resolves with a function to call when the handshake is over, or null when aborted. */
  enter(urgent: boolean, signal: AbortSignal): Promise<(() => void) | null> {
    if (signal.aborted) return Promise.resolve(null);
    if (this.#inside < this.#bound) return Promise.resolve(this.#admit());
    return new Promise((resolve) => {
      const onAbort = () => {
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        resolve(null);
      };
      const waiting: Waiting = {
        urgent,
        enter: () => {
          signal.removeEventListener('abort', onAbort);
          resolve(this.#admit());
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const at = urgent ? this.#waiting.findIndex((other) => !other.urgent) : -1;
      if (at < 0) this.#waiting.push(waiting);
      else this.#waiting.splice(at, 0, waiting);
    });
  }

  #admit(): () => void {
    this.#inside++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#inside--;
      this.#adapt();
      while (this.#inside < this.#bound && this.#waiting.length > 0) this.#waiting.shift()?.enter();
    };
  }

  #adapt(): void {
    if (this.#lateMs() > 60) this.#bound = Math.max(Math.min(fewest, this.#most), Math.floor(this.#bound * 0.8));
    else this.#bound = Math.min(this.#most, this.#bound + 1);
  }
}
