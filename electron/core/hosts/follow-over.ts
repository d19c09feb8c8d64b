import type { Follow } from './host-access.ts';
import type { ToWorker } from './messages.ts';

type OnData = Parameters<Follow['onData']>[0];
type OnEnd = Parameters<Follow['onEnd']>[0];
type Happened =
  | { readonly chunk: Uint8Array; readonly from: 'stdout' | 'stderr' }
  | { readonly end: Parameters<OnEnd>[0] };

/** Bytes after which the worker is told that they were taken. */
const readStep = 256 * 1024;

/** A follow on the main thread; what comes before its listener is set is kept for it, in order. */
export class FollowOver {
  readonly #to: number;
  readonly #send: (message: ToWorker) => void;
  readonly #waiting: Happened[] = [];
  #onData: OnData | null = null;
  #onEnd: OnEnd | null = null;
  #unread = 0;
  readonly follow: Follow;

  constructor(to: number, send: (message: ToWorker) => void) {
    this.#to = to;
    this.#send = send;
    this.follow = {
      onData: (listener) => {
        this.#onData = listener;
        this.#deliver();
      },
      onEnd: (listener) => {
        this.#onEnd = listener;
        this.#deliver();
      },
      write: (data) => send({ type: 'follow-write', to, data }),
      pause: () => send({ type: 'follow-pause', to }),
      resume: () => send({ type: 'follow-resume', to }),
      close: () => send({ type: 'follow-close', to }),
    };
  }

  happened(what: Happened): void {
    this.#waiting.push(what);
    this.#deliver();
  }

  #deliver(): void {
    for (;;) {
      const [next] = this.#waiting;
      if (!next || ('chunk' in next ? !this.#onData : !this.#onEnd)) return;
      this.#waiting.shift();
      if ('chunk' in next) {
        this.#onData?.(next.chunk, next.from);
        this.#read(next.chunk.length);
      } else this.#onEnd?.(next.end);
    }
  }

  /** Lets more come once a listener has taken this much. */
  #read(bytes: number): void {
    this.#unread += bytes;
    if (this.#unread < readStep) return;
    this.#send({ type: 'follow-read', to: this.#to, bytes: this.#unread });
    this.#unread = 0;
  }
}
