/** Where a command writes. A promise means: wait for it before you write more. Throws BrokenPipe when nobody reads. */
export interface Sink {
  write(text: string): Promise<void> | undefined;
}

/** Where a command reads. */
export interface Source {
  /** The next line with its line feed, which only the last one may lack; null at the end. */
  line(): Promise<string | null> | string | null;
  /** Whatever there is next; null at the end. */
  chunk(): Promise<string | null> | string | null;
  /** Nobody reads any more. */
  close(): void;
}

/** Writing where the reader has gone; the writer dies of it as of SIGPIPE. */
export class BrokenPipe extends Error {}

/** Swallows everything, as /dev/null. */
export const nowhere: Sink = { write: () => undefined };

/** Nothing to read, as /dev/null. */
export const nothing: Source = { line: () => null, chunk: () => null, close: () => {} };

const mostHeld = 65_536;

/** Text on its way from writers to one reader; writers wait while too much is held. */
export class Pipe implements Sink, Source {
  #held = '';
  #ended = false;
  #closed = false;
  #wakeReader: (() => void) | null = null;
  #wakeWriters: (() => void)[] = [];
  readonly #onRoom: () => void;

  /** `onRoom` is called when what was held has been read, for sources that can be paused. */
  constructor(onRoom: () => void = () => {}) {
    this.#onRoom = onRoom;
  }

  /** True while more is held than a reader should be offered. */
  get full(): boolean {
    return this.#held.length >= mostHeld;
  }

  write(text: string): Promise<void> | undefined {
    if (this.#closed || this.#ended) throw new BrokenPipe('nobody reads');
    this.#held += text;
    this.#wake();
    if (!this.full) return undefined;
    return new Promise((resolve) => this.#wakeWriters.push(resolve));
  }

  /** No more will be written. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Closes it and answers what nobody had read. */
  takeUnread(): string {
    const unread = this.#held;
    this.close();
    return unread;
  }

  close(): void {
    this.#closed = true;
    this.#held = '';
    this.#room();
    this.#wake();
  }

  line(): Promise<string | null> | string | null {
    const feed = this.#held.indexOf('\n');
    if (feed < 0) {
      if (this.#ended || this.#closed) return this.#take(this.#held.length);
      // A line longer than what may be held must still be read.
      if (this.full) this.#room();
      return this.#more().then(() => this.line());
    }
    return this.#take(feed + 1);
  }

  chunk(): Promise<string | null> | string | null {
    if (this.#held === '' && !this.#ended && !this.#closed) return this.#more().then(() => this.chunk());
    return this.#take(this.#held.length);
  }

  #take(length: number): string | null {
    if (length === 0) return null;
    const taken = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    if (!this.full) this.#room();
    return taken;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeReader = resolve;
    });
  }

  #wake(): void {
    const wake = this.#wakeReader;
    this.#wakeReader = null;
    wake?.();
  }

  #room(): void {
    for (const wake of this.#wakeWriters.splice(0)) wake();
    this.#onRoom();
  }
}

/** A text to be read. */
export function textSource(text: string): Source {
  const pipe = new Pipe();
  if (text !== '') void pipe.write(text);
  pipe.end();
  return pipe;
}

/** Gathers what is written, up to `most` characters. */
export class Gathered implements Sink {
  text = '';
  readonly #most: number;

  constructor(most = 4 * 1024 * 1024) {
    this.#most = most;
  }

  write(text: string): undefined {
    if (this.text.length < this.#most) this.text += text;
  }
}
