import { fail } from '#shared/contract/problem.ts';
import type { BusValue } from './bus.ts';
import { alignmentOf, type BasicCode, type BusType, parseSignature, parseSingleType } from './signature.ts';
import { isVariant } from './variant.ts';

/**
 * Encodes a message body (or header) as if it started on an 8-byte boundary; throws a ProblemError (invalid-input) when
 * a value does not fit its signature.
 */
export function marshal(signature: string, values: readonly BusValue[], littleEndian = true): Buffer {
  const types = parseSignature(signature);
  if (types.length !== values.length) {
    throw fail('invalid-input', `D-Bus: ${signature} wants ${types.length} arguments, not ${values.length}`);
  }
  const writer = new ValueWriter(littleEndian);
  types.forEach((type, index) => writer.write(type, values[index]));
  return writer.bytes();
}

class ValueWriter {
  #bytes = Buffer.alloc(256);
  #view = viewOf(this.#bytes);
  #at = 0;
  readonly #little: boolean;

  constructor(littleEndian: boolean) {
    this.#little = littleEndian;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  write(type: BusType, value: BusValue | undefined): void {
    switch (type.code) {
      case 'a':
        this.#array(type.element, value);
        break;
      case '(':
        this.#align(8);
        if (!Array.isArray(value) || value.length !== type.fields.length) throw unfit('(', value);
        type.fields.forEach((field, index) => this.write(field, value[index]));
        break;
      case 'v':
        if (!isVariant(value)) throw unfit('v', value);
        this.#text(value.signature, 1);
        this.write(parseSingleType(value.signature), value.value);
        break;
      case '{':
        throw unfit('{', value);
      default:
        this.#basic(type.code, value);
    }
  }

  #array(element: BusType, value: BusValue | undefined): void {
    const lengthAt = this.#take(4);
    this.#align(alignmentOf(element));
    const start = this.#at;
    if (element.code === '{') this.#entries(element.key, element.value, value);
    else if (element.code === 'y' && value instanceof Uint8Array) {
      const at = this.#room(value.length);
      this.#bytes.set(value, at);
    } else {
      if (!Array.isArray(value)) throw unfit('a', value);
      for (const item of value) this.write(element, item);
    }
    this.#view.setUint32(lengthAt, this.#at - start, this.#little);
  }

  #entries(key: BasicCode, type: BusType, value: BusValue | undefined): void {
    if (typeof value !== 'object' || Array.isArray(value) || value instanceof Uint8Array) throw unfit('a{', value);
    for (const [name, item] of Object.entries(value)) {
      this.#align(8);
      this.#basic(key, keyValue(key, name));
      this.write(type, item as BusValue);
    }
  }

  #basic(code: BasicCode, value: BusValue | undefined): void {
    switch (code) {
      case 's':
      case 'o':
        this.#text(textOf(code, value), 4);
        break;
      case 'g':
        this.#text(textOf(code, value), 1);
        break;
      case 'b':
        if (typeof value !== 'boolean') throw unfit(code, value);
        this.#number('u', value ? 1 : 0);
        break;
      case 'x':
      case 't':
        this.#big(code, value);
        break;
      case 'd':
        if (typeof value !== 'number') throw unfit(code, value);
        this.#number(code, value);
        break;
      default: {
        const [low, high] = ranges[code];
        if (typeof value !== 'number' || !Number.isInteger(value)) throw unfit(code, value);
        if (value < low || value > high) throw unfit(code, value);
        this.#number(code, value);
      }
    }
  }

  // The place is taken before the view is named: taking it may move to a larger buffer.
  #number(code: keyof typeof ranges | 'd', value: number): void {
    const at = this.#take(alignmentOf({ code }));
    switch (code) {
      case 'y':
        return this.#view.setUint8(at, value);
      case 'n':
        return this.#view.setInt16(at, value, this.#little);
      case 'q':
        return this.#view.setUint16(at, value, this.#little);
      case 'i':
        return this.#view.setInt32(at, value, this.#little);
      case 'd':
        return this.#view.setFloat64(at, value, this.#little);
      default:
        return this.#view.setUint32(at, value, this.#little);
    }
  }

  #big(code: 'x' | 't', value: BusValue | undefined): void {
    if (typeof value !== 'bigint') throw unfit(code, value);
    const fits = code === 'x' ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
    if (fits !== value) throw unfit(code, value);
    const at = this.#take(8);
    if (code === 'x') this.#view.setBigInt64(at, value, this.#little);
    else this.#view.setBigUint64(at, value, this.#little);
  }

  #text(text: string, lengthSize: 1 | 4): void {
    const length = Buffer.byteLength(text);
    const lengthAt = this.#take(lengthSize);
    const start = this.#room(length + 1);
    if (lengthSize === 4) this.#view.setUint32(lengthAt, length, this.#little);
    else this.#view.setUint8(lengthAt, length);
    this.#bytes.write(text, start, 'utf8');
    this.#bytes[start + length] = 0;
  }

  #take(size: number): number {
    this.#align(size);
    return this.#room(size);
  }

  #align(boundary: number): void {
    const start = (this.#at + boundary - 1) & -boundary;
    this.#room(start - this.#at);
  }

  /** Reserves bytes, all zero, and answers where they start. */
  #room(size: number): number {
    const start = this.#at;
    this.#at += size;
    if (this.#at > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#at, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
      this.#view = viewOf(larger);
    }
    return start;
  }
}

const ranges = {
  y: [0, 0xff],
  n: [-0x8000, 0x7fff],
  q: [0, 0xffff],
  i: [-0x8000_0000, 0x7fff_ffff],
  u: [0, 0xffff_ffff],
  h: [0, 0xffff_ffff],
} as const;

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function textOf(code: 's' | 'o' | 'g', value: BusValue | undefined): string {
  if (typeof value !== 'string' || value.includes('\0')) throw unfit(code, value);
  if (code === 'g') parseSignature(value);
  if (code === 'o' && !/^\/(?:[A-Za-z0-9_]+(?:\/[A-Za-z0-9_]+)*)?$/.test(value)) throw unfit(code, value);
  return value;
}

function keyValue(code: BasicCode, name: string): BusValue {
  if (code === 's' || code === 'o' || code === 'g') return name;
  if (code === 'b') return name === 'true';
  return code === 'x' || code === 't' ? BigInt(name) : Number(name);
}

function unfit(code: string, value: BusValue | undefined) {
  const shown = typeof value === 'object' ? 'an object' : `${typeof value} ${String(value).slice(0, 60)}`;
  return fail('invalid-input', `D-Bus: ${shown} does not fit the type ${code}`);
}
