/** What a login shell's start-up files may print before our script greets. */
const mostNoise = 16 * 1024;

/** Waits for a script's first line, `quarterdeck 1 <kind> <rest>`, behind whatever the login shell printed before. */
export class Greeting {
  readonly #pattern: RegExp;
  #seen = '';

  constructor(kind: string) {
    this.#pattern = new RegExp(`(?:^|\\n)quarterdeck 1 ${kind} ([0-9a-f-]+)\\n`);
  }

  /** The words after the kind and the bytes after the line; null while it has not come; throws when it never will. */
  feed(chunk: Buffer): { words: string; kind: string; rest: Buffer } | null {
    this.#seen += chunk.toString('latin1');
    const found = this.#pattern.exec(this.#seen);
    if (found) {
      const rest = Buffer.from(this.#seen.slice(found.index + found[0].length), 'latin1');
      this.#seen = '';
      return { words: found.at(-1) ?? '', kind: found.length > 2 ? (found[1] ?? '') : '', rest };
    }
    if (this.#seen.length > mostNoise) throw new RangeError('no greeting in the first 16 KiB');
    return null;
  }
}
