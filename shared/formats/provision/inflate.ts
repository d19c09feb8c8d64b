/** What gzip holds, or why it cannot be unpacked. */
export type Inflated = { readonly bytes: Uint8Array } | { readonly wrong: string };

const lengthBase = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const farBase = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const farBits = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A Huffman code: how many words each length has, and the symbols in order (RFC 1951, 3.2.2). */
interface Code {
  readonly counts: number[];
  readonly symbols: number[];
}

/** Unpacks the first member of gzip data (RFC 1952) to at most `max` bytes; the checksum is compared. Never throws. */
export function inflate(data: Uint8Array, max: number): Inflated {
  try {
    return { bytes: new Inflater(data, headerLength(data), max).run() };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : 'it is damaged' };
  }
}

function headerLength(data: Uint8Array): number {
  if (data[0] !== 0x1f || data[1] !== 0x8b || data[2] !== 8) throw new Error('it is not gzip');
  const flags = data[3] ?? 0;
  let at = 10;
  if (flags & 4) at += 2 + ((data[at] ?? 0) | ((data[at + 1] ?? 0) << 8));
  for (const flag of [8, 16])
    if (flags & flag) {
      const end = data.indexOf(0, at);
      if (end < 0) throw new Error('it ends too early');
      at = end + 1;
    }
  return flags & 2 ? at + 2 : at;
}

class Inflater {
  readonly #data: Uint8Array;
  readonly #max: number;
  #out: Uint8Array;
  #length = 0;
  #at: number;
  #bit = 0;

  constructor(data: Uint8Array, start: number, max: number) {
    this.#data = data;
    this.#at = start;
    this.#max = max;
    this.#out = new Uint8Array(Math.min(max, 65_536));
  }

  run(): Uint8Array {
    for (let last = 0; last === 0; ) {
      last = this.#bits(1);
      const kind = this.#bits(2);
      if (kind === 0) this.#stored();
      else if (kind === 1) this.#block(fixedLetters, fixedFar);
      else if (kind === 2) this.#block(...this.#codes());
      else throw new Error('it is damaged');
    }
    if (this.#bit > 0) this.#at++;
    const bytes = this.#out.subarray(0, this.#length);
    const tail = this.#data.subarray(this.#at, this.#at + 8);
    const word = (from: number): number =>
      tail.subarray(from, from + 4).reduceRight((sum, byte) => sum * 256 + byte, 0);
    if (tail.length < 8 || word(0) !== checksum(bytes) || word(4) !== bytes.length)
      throw new Error('its checksum does not fit');
    return bytes;
  }

  #bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++) {
      const byte = this.#data[this.#at];
      if (byte === undefined) throw new Error('it ends too early');
      value |= ((byte >> this.#bit) & 1) << index;
      this.#bit = (this.#bit + 1) & 7;
      if (this.#bit === 0) this.#at++;
    }
    return value;
  }

  #put(byte: number): void {
    if (this.#length >= this.#max) throw new Error(`it is larger than ${this.#max} bytes`);
    if (this.#length === this.#out.length) {
      const larger = new Uint8Array(Math.min(this.#max, this.#out.length * 2));
      larger.set(this.#out);
      this.#out = larger;
    }
    this.#out[this.#length++] = byte;
  }

  #stored(): void {
    if (this.#bit > 0) this.#at++;
    this.#bit = 0;
    const length = this.#bits(16);
    if ((length ^ this.#bits(16)) !== 0xffff) throw new Error('it is damaged');
    for (let index = 0; index < length; index++) this.#put(this.#bits(8));
  }

  #symbol({ counts, symbols }: Code): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= 15; length++) {
      code |= this.#bits(1);
      const count = counts[length] ?? 0;
      if (code - count < first) return symbols[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Error('it is damaged');
  }

  #block(letters: Code, far: Code): void {
    for (;;) {
      const symbol = this.#symbol(letters);
      if (symbol === 256) return;
      if (symbol < 256) {
        this.#put(symbol);
        continue;
      }
      const length = (lengthBase[symbol - 257] ?? 0) + this.#bits(lengthBits[symbol - 257] ?? 0);
      const which = this.#symbol(far);
      const back = (farBase[which] ?? 0) + this.#bits(farBits[which] ?? 0);
      if (length === 0 || back === 0 || back > this.#length) throw new Error('it is damaged');
      for (let index = 0; index < length; index++) this.#put(this.#out[this.#length - back] ?? 0);
    }
  }

  #codes(): [Code, Code] {
    const letterCount = this.#bits(5) + 257;
    const farCount = this.#bits(5) + 1;
    const given = this.#bits(4) + 4;
    const order = Array.from({ length: 19 }, () => 0);
    for (const index of codeOrder.slice(0, given)) order[index] = this.#bits(3);
    const code = codeOf(order);
    const lengths: number[] = [];
    while (lengths.length < letterCount + farCount) {
      const symbol = this.#symbol(code);
      if (symbol < 16) lengths.push(symbol);
      else {
        const before = symbol === 16 ? lengths.at(-1) : 0;
        if (before === undefined) throw new Error('it is damaged');
        const times = symbol === 16 ? 3 + this.#bits(2) : symbol === 17 ? 3 + this.#bits(3) : 11 + this.#bits(7);
        for (let index = 0; index < times; index++) lengths.push(before);
      }
    }
    return [codeOf(lengths.slice(0, letterCount)), codeOf(lengths.slice(letterCount, letterCount + farCount))];
  }
}

function codeOf(lengths: readonly number[]): Code {
  const counts = Array.from({ length: 16 }, () => 0);
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1;
  const symbols = lengths
    .map((length, symbol) => ({ length, symbol }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol)
    .map(({ symbol }) => symbol);
  return { counts, symbols };
}

const fixedLetters = codeOf(
  Array.from({ length: 288 }, (_, index) => (index < 144 ? 8 : index < 256 ? 9 : index < 280 ? 7 : 8)),
);
const fixedFar = codeOf(Array.from({ length: 30 }, () => 5));

/** CRC-32 as gzip has it. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
