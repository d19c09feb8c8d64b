/** Longest text after a mark, up to its line feed: a blank and an exit code. */
const longestEnding = 8;

/** Finds the mark that ends a command's output in a stream of any bytes, across packets. */
export class MarkScanner {
  readonly #mark: Buffer;
  #held: Buffer = Buffer.alloc(0);

  constructor(mark: string) {
    this.#mark = Buffer.from(mark, 'latin1');
  }

  /**
   * Takes the next packet. `data` is certainly output; `ending` is what stood between the mark and its line feed once both
   * came, null before. Bytes after it belong to nobody and are dropped: no command runs between two requests.
   */
  feed(chunk: Buffer): { data: Buffer; ending: string | null } {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const at = bytes.indexOf(this.#mark);
    if (at < 0) {
      const sure = Math.max(0, bytes.length - this.#mark.length + 1);
      this.#held = Buffer.from(bytes.subarray(sure));
      return { data: bytes.subarray(0, sure), ending: null };
    }
    const after = at + this.#mark.length;
    const feed = bytes.indexOf(0x0a, after);
    if (feed < 0 && bytes.length - after <= longestEnding) {
      this.#held = Buffer.from(bytes.subarray(at));
      return { data: bytes.subarray(0, at), ending: null };
    }
    this.#held = Buffer.alloc(0);
    const ending = feed < 0 ? '' : bytes.toString('latin1', after, Math.min(feed, after + longestEnding));
    return { data: bytes.subarray(0, at), ending };
  }

  /** What was held back, when no mark will come any more. */
  rest(): Buffer {
    const { length } = this.#held;
    const rest = this.#held.subarray(0, length);
    this.#held = Buffer.alloc(0);
    return rest;
  }
}
