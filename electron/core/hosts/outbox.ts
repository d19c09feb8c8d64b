import type { FromWorker } from './messages.ts';

type Post = (batch: FromWorker[], transfer: ArrayBuffer[]) => void;

/** Gathers what the worker has to tell: urgent things leave before the loop turns, the rest at most 50 ms later, all in order. */
export class Outbox {
  readonly #post: Post;
  readonly #waitMs: number;
  #batch: FromWorker[] = [];
  #transfer: ArrayBuffer[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #leaving = false;

  constructor(post: Post, waitMs = 50) {
    this.#post = post;
    this.#waitMs = waitMs;
  }

  add(event: FromWorker, urgent: boolean, transfer: readonly ArrayBuffer[] = []): void {
    this.#batch.push(event);
    if (transfer.length > 0) this.#transfer.push(...transfer);
    if (urgent) {
      if (this.#leaving) return;
      this.#leaving = true;
      setImmediate(() => this.flush());
    } else this.#timer ??= setTimeout(() => this.flush(), this.#waitMs);
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#leaving = false;
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    const transfer = this.#transfer;
    this.#batch = [];
    this.#transfer = [];
    this.#post(batch, transfer);
  }
}
