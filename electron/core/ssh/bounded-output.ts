/** Keeps the first `maxBytes` of a stream and counts the rest. */
export class BoundedOutput {
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #kept = 0;
  #seen = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(chunk: Buffer): void {
    this.#seen += chunk.length;
    const room = this.#maxBytes - this.#kept;
    if (room <= 0 || chunk.length === 0) return;
    // A copy: a small piece must not keep the whole packet it came in from being freed.
    const piece = Buffer.from(chunk.subarray(0, room));
    this.#chunks.push(piece);
    this.#kept += piece.length;
  }

  get truncated(): boolean {
    return this.#seen > this.#kept;
  }

  /** Bytes thrown away so far. */
  get dropped(): number {
    return this.#seen - this.#kept;
  }

  /** What was kept, in memory of its own, so that it can be handed to another thread. */
  bytes(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#kept);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
}
