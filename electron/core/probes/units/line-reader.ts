/** Cuts a byte stream into lines without their line feed; a line longer than `maxBytes` is skipped and counted. */
export class LineReader {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #held = 0;
  #skipping = false;
  /** Lines skipped so far. */
  skipped = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Uint8Array): Buffer[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      this.#hold(bytes.subarray(start, end));
      if (!this.#skipping)
        lines.push(this.#parts.length === 1 ? bytes.subarray(start, end) : Buffer.concat(this.#parts));
      this.#forget();
      start = end + 1;
    }
    if (start < bytes.length) this.#hold(bytes.subarray(start));
    return lines;
  }

  #hold(part: Buffer): void {
    if (this.#skipping) return;
    this.#parts.push(part);
    this.#held += part.length;
    if (this.#held <= this.#maxBytes) return;
    this.#forget();
    this.#skipping = true;
    this.skipped++;
  }

  #forget(): void {
    this.#parts = [];
    this.#held = 0;
    this.#skipping = false;
  }
}
