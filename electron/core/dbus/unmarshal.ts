import { fail } from '#shared/contract/problem.ts';
import type { BusValue } from './bus.ts';
import { alignmentOf, type BasicCode, type BusType, parseSignature, parseSingleType } from './signature.ts';
import { variant } from './variant.ts';

/** Nesting of one message, variants inside variants included. */
const maxDepth = 64;
/** Values decoded from one message; a small message of many tiny values must not become a large heap. */
const maxValues = 500_000;
/** What a byte array counts for, since each is an object with its own store. */
const byteArrayCost = 8;
/** Up to this length a loop over the bytes is faster than the call into the runtime's decoder (measured). */
const shortString = 16;

/**
 * Decodes a message body (or header) that starts on an 8-byte boundary; throws a ProblemError (protocol) on anything
 * malformed. Invalid UTF-8 is replaced by U+FFFD, byte arrays are copied, so nothing keeps `bytes` alive.
 */
export function unmarshal(bytes: Buffer, signature: string, littleEndian: boolean): BusValue[] {
  const reader = new ValueReader(bytes, littleEndian);
  const values = parseSignature(signature).map((type) => reader.read(type, 0));
  if (reader.at !== bytes.length) throw malformed('bytes are left over');
  return values;
}

class ValueReader {
  at = 0;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #little: boolean;
  #values = 0;

  constructor(bytes: Buffer, littleEndian: boolean) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#little = littleEndian;
  }

  read(type: BusType, depth: number): BusValue {
    if (++this.#values > maxValues) throw malformed('it holds too many values');
    switch (type.code) {
      case 'a':
        return type.element.code === '{' ? this.#dict(type.element, depth) : this.#array(type.element, depth);
      case '(':
        return this.#struct(type.fields, depth);
      case 'v':
        return this.#variant(depth);
      case '{':
        throw malformed('a dict entry stands outside an array');
      default:
        return this.#basic(type.code);
    }
  }

  #basic(code: BasicCode): string | number | bigint | boolean {
    const view = this.#view;
    switch (code) {
      case 'y':
        return view.getUint8(this.#take(1));
      case 'n':
        return view.getInt16(this.#take(2), this.#little);
      case 'q':
        return view.getUint16(this.#take(2), this.#little);
      case 'b':
        return this.#boolean();
      case 'i':
        return view.getInt32(this.#take(4), this.#little);
      case 'u':
      case 'h':
        return this.#length();
      case 'x':
        return view.getBigInt64(this.#take(8), this.#little);
      case 't':
        return view.getBigUint64(this.#take(8), this.#little);
      case 'd':
        return view.getFloat64(this.#take(8), this.#little);
      case 's':
      case 'o':
        return this.#text(this.#length());
      default:
        return this.#text(view.getUint8(this.#take(1)));
    }
  }

  #boolean(): boolean {
    const value = this.#length();
    if (value > 1) throw malformed('a boolean is neither 0 nor 1');
    return value === 1;
  }

  #length(): number {
    return this.#view.getUint32(this.#take(4), this.#little);
  }

  #text(length: number): string {
    const start = this.at;
    const end = start + length;
    if (end >= this.#bytes.length) throw malformed('a string runs past the end');
    if (this.#bytes[end] !== 0) throw malformed('a string does not end with NUL');
    this.at = end + 1;
    if (length > shortString) return this.#bytes.toString('utf8', start, end);
    let text = '';
    for (let at = start; at < end; at++) {
      const byte = this.#bytes[at] ?? 0;
      if (byte > 0x7f) return this.#bytes.toString('utf8', start, end);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #array(element: BusType, depth: number): BusValue[] | Uint8Array {
    const end = this.#arrayEnd(element, depth);
    if (element.code === 'y') {
      this.#values += byteArrayCost;
      const copy = new Uint8Array(this.#bytes.subarray(this.at, end));
      this.at = end;
      return copy;
    }
    const values: BusValue[] = [];
    while (this.at < end) values.push(this.read(element, depth + 1));
    this.#reached(end);
    return values;
  }

  #dict(entry: Extract<BusType, { code: '{' }>, depth: number): { [key: string]: BusValue } {
    const end = this.#arrayEnd(entry, depth);
    // No prototype, so that a key named __proto__ is a key like any other.
    const values = Object.create(null) as { [key: string]: BusValue };
    while (this.at < end) {
      this.#align(8);
      const key = String(this.#basic(entry.key));
      values[key] = this.read(entry.value, depth + 2);
    }
    this.#reached(end);
    return values;
  }

  #arrayEnd(element: BusType, depth: number): number {
    if (depth >= maxDepth) throw malformed('it is nested too deep');
    const length = this.#length();
    this.#align(alignmentOf(element));
    const end = this.at + length;
    if (end > this.#bytes.length) throw malformed('an array runs past the end');
    return end;
  }

  #reached(end: number): void {
    if (this.at !== end) throw malformed('an array ends inside an element');
  }

  #struct(fields: readonly BusType[], depth: number): BusValue[] {
    if (depth >= maxDepth) throw malformed('it is nested too deep');
    this.#align(8);
    const values: BusValue[] = [];
    for (const field of fields) values.push(this.read(field, depth + 1));
    return values;
  }

  #variant(depth: number): BusValue {
    if (depth >= maxDepth) throw malformed('it is nested too deep');
    const signature = this.#text(this.#view.getUint8(this.#take(1)));
    return variant(signature, this.read(parseSingleType(signature), depth + 1));
  }

  /** Moves past a number of `size` bytes, aligned to its size, and answers where it starts. */
  #take(size: number): number {
    const start = (this.at + size - 1) & -size;
    if (start + size > this.#bytes.length) throw malformed('it ends inside a value');
    this.at = start + size;
    return start;
  }

  #align(boundary: number): void {
    const start = (this.at + boundary - 1) & -boundary;
    if (start > this.#bytes.length) throw malformed('it ends inside padding');
    this.at = start;
  }
}

function malformed(why: string) {
  return fail('protocol', `D-Bus: a message is malformed: ${why}`);
}
