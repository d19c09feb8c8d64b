import type { Writable } from 'node:stream';
import { BrokenPipe, type Sink } from '../shell/streams.ts';

const mostHeld = 16_384;

/** Writes to one stream of an SSH channel; what is written in one go travels in one packet. */
export class ChannelSink implements Sink {
  readonly #stream: Writable;
  readonly #isTerminal: boolean;
  #held = '';
  #scheduled: NodeJS.Immediate | null = null;
  #gone = false;
  /** Bytes given to the stream that it has not sent, for want of room at the other side. */
  #waiting = 0;
  #writers: (() => void)[] = [];
  #whenSent: (() => void)[] = [];

  /** On a terminal a line feed becomes a carriage return and a line feed. */
  constructor(stream: Writable, isTerminal: boolean) {
    this.#stream = stream;
    this.#isTerminal = isTerminal;
  }

  write(text: string): Promise<void> | undefined {
    if (this.#gone) throw new BrokenPipe('the channel is closed');
    if (text === '') return undefined;
    this.#held += text;
    if (this.#held.length >= mostHeld) this.#flush();
    else this.#scheduled ??= setImmediate(() => this.#flush());
    if (this.#waiting <= mostHeld) return undefined;
    return new Promise((resolve) => this.#writers.push(resolve));
  }

  #flush(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#scheduled = null;
    if (this.#held === '' || this.#gone) return;
    const bytes = Buffer.from(this.#isTerminal ? this.#held.replaceAll('\n', '\r\n') : this.#held);
    this.#held = '';
    this.#waiting += bytes.length;
    this.#stream.write(bytes, () => {
      this.#waiting -= bytes.length;
      this.#tell();
    });
  }

  #tell(): void {
    if (this.#waiting <= mostHeld || this.#gone) for (const resolve of this.#writers.splice(0)) resolve();
    if (this.#waiting === 0 || this.#gone) for (const resolve of this.#whenSent.splice(0)) resolve();
  }

  /** Resolves when everything has been sent, or nobody takes it any more. */
  async sent(): Promise<void> {
    this.#flush();
    if (this.#waiting > 0 && !this.#gone) await new Promise<void>((resolve) => this.#whenSent.push(resolve));
  }

  /** The other side is gone: whoever still writes is told so. */
  gone(): void {
    this.#gone = true;
    this.#held = '';
    this.#tell();
  }
}
