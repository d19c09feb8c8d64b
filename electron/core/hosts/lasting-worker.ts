import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './messages.ts';

/** Messages that tell a new worker what it must know of before; the last of each kind and subject counts. */
function remembers(message: ToWorker): string | null {
  switch (message.type) {
    case 'options':
    case 'configure':
    case 'look':
      return message.type;
    case 'watch-units':
      return `watch-units ${message.host}`;
    default:
      return null;
  }
}

const mostRestarts = 5;
const restartWindowMs = 60_000;

/** A worker that is started anew when it dies, and then told again what the one before knew. */
export class LastingWorker {
  readonly #url: URL;
  readonly #options: WorkerOptions;
  readonly #onMessage: (batch: FromWorker[]) => void;
  readonly #onDeath: (why: string, forGood: boolean) => void;
  readonly #known = new Map<string, ToWorker>();
  #worker: Worker;
  #deaths: number[] = [];
  #dead = false;
  #ended = false;

  /** `onDeath` is told why, before the new worker is; after five deaths in a minute only `connect` starts another. */
  constructor(
    url: URL,
    options: WorkerOptions,
    onMessage: (batch: FromWorker[]) => void,
    onDeath: (why: string, forGood: boolean) => void,
  ) {
    this.#url = url;
    this.#options = options;
    this.#onMessage = onMessage;
    this.#onDeath = onDeath;
    this.#worker = this.#start();
  }

  post(message: ToWorker): void {
    const subject = remembers(message);
    if (subject !== null) this.#known.set(subject, message);
    // Its last word and its exit may arrive in one turn, before whoever waits for the word could call `end`.
    if (message.type === 'end') this.#ended = true;
    if (this.#dead && message.type === 'connect') this.#startAgain();
    this.#worker.postMessage(message);
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#url, this.#options);
    let why = 'it ended';
    worker.on('message', this.#onMessage);
    worker.on('error', (error: Error) => {
      why = error.message;
    });
    worker.on('exit', () => {
      if (!this.#ended) this.#died(why);
    });
    return worker;
  }

  #died(why: string): void {
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < restartWindowMs), now];
    this.#dead = this.#deaths.length >= mostRestarts;
    this.#onDeath(why, this.#dead);
    if (!this.#dead) this.#startAgain();
  }

  #startAgain(): void {
    this.#dead = false;
    this.#worker = this.#start();
    for (const message of this.#known.values()) this.#worker.postMessage(message);
  }
}
