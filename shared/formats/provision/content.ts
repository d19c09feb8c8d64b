import { inflate } from './inflate.ts';

/** Bytes read from a text, or why they cannot be. */
export type Decoded = { readonly text: string } | { readonly wrong: string };

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map(Array.from(letters, (letter, index) => [letter, index]));
/** The most bytes that packed content may unpack to: what a document may hold. */
const maxBytes = 262_144;

/** The bytes of base64, blanks and line ends left out; null when it is not base64. */
export function fromBase64(text: string): Uint8Array | null {
  const packed = text.replaceAll(/\s+/g, '');
  const body = packed.replace(/={1,2}$/, '');
  if (packed.length % 4 !== 0 || body.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  let at = 0;
  let bits = 0;
  let count = 0;
  for (const letter of body) {
    const value = values.get(letter);
    if (value === undefined) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[at++] = (bits >> count) & 0xff;
    }
  }
  return bytes;
}

/** Base64 of a text's UTF-8. */
export function toBase64(text: string): string {
  const bytes = bytesOf(text);
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const bits = (a << 16) | (b << 8) | c;
    const left = bytes.length - at;
    out += (letters[bits >> 18] ?? '') + (letters[(bits >> 12) & 63] ?? '');
    out += (left > 1 ? (letters[(bits >> 6) & 63] ?? '') : '=') + (left > 2 ? (letters[bits & 63] ?? '') : '=');
  }
  return out;
}

/** UTF-8 as text; refused when it is none, or holds a NUL, which no configuration does. */
export function asText(bytes: Uint8Array): Decoded {
  if (bytes.includes(0)) return { wrong: 'is not text; only text can be compared and changed here' };
  try {
    let escaped = '';
    for (const byte of bytes) escaped += byte < 0x80 && byte !== 0x25 ? String.fromCharCode(byte) : hex(byte);
    return { text: decodeURIComponent(escaped) };
  } catch {
    return { wrong: 'is not UTF-8 text; only text can be compared and changed here' };
  }
}

/** The text of bytes that may be packed by gzip. */
export function unpacked(bytes: Uint8Array, packed: boolean): Decoded {
  if (!packed) return asText(bytes);
  const plain = inflate(bytes, maxBytes);
  return 'wrong' in plain ? { wrong: `cannot be unpacked: ${plain.wrong}` } : asText(plain.bytes);
}

/** The text in a `data:` URL. */
export function fromDataUrl(url: string, packed: boolean): Decoded {
  const found = /^data:([^,]{0,200}),/i.exec(url);
  if (!found) return { wrong: 'is not a data URL' };
  const body = url.slice(found[0].length);
  if (/;base64$/i.test(found[1] ?? '')) {
    const bytes = fromBase64(percentBytes(body, true));
    return bytes === null ? { wrong: 'is not base64' } : unpacked(bytes, packed);
  }
  const raw = percentBytes(body, false);
  const bytes = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  return unpacked(bytes, packed);
}

/** A `data:` URL that holds a text; null for one with lone surrogates, which UTF-8 cannot say. */
export function toDataUrl(text: string): string | null {
  try {
    return `data:,${encodeURIComponent(text)}`;
  } catch {
    return null;
  }
}

/** Percent escapes undone; one character for each byte. */
function percentBytes(body: string, ascii: boolean): string {
  const bytes = ascii ? body : wide(body);
  return bytes.replaceAll(/%([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Letters beyond ASCII as their UTF-8 bytes, one character each. */
function wide(text: string): string {
  return text.replaceAll(/[^\0-\x7f]+/gu, (letters) => {
    let out = '';
    for (const byte of bytesOf(letters)) out += String.fromCharCode(byte);
    return out;
  });
}

function bytesOf(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.toWellFormed());
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at++)
    if (escaped[at] === '%') {
      bytes.push(Number.parseInt(escaped.slice(at + 1, at + 3), 16));
      at += 2;
    } else bytes.push(escaped.charCodeAt(at));
  return Uint8Array.from(bytes);
}

function hex(byte: number): string {
  return `%${byte.toString(16).padStart(2, '0')}`;
}
