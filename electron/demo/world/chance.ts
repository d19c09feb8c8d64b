/** A 32-bit number that depends on both inputs in every bit. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** A 32-bit number that stands for a text. */
export function seedOf(text: string, seed = 0): number {
  let h = mix(seed, text.length);
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  return mix(h, seed);
}

/** A number from 0 up to but not including 1, always the same for the same inputs. */
export function part(seed: number, of = 0): number {
  return mix(seed, of) / 0x1_0000_0000;
}

/** A whole number from `low` to `high`, both included. */
export function between(low: number, high: number, share: number): number {
  return low + Math.floor(share * (high - low + 1));
}

/** One entry of a list that is not empty; `share` is 0..1. */
export function pick<T>(list: readonly T[], share: number): T {
  return list[Math.min(list.length - 1, Math.floor(share * list.length))] as T;
}

/** `digits` lower-case hexadecimal digits. */
export function hexDigits(seed: number, digits: number): string {
  let text = '';
  for (let at = 0; text.length < digits; at++)
    text += mix(seed, at + 1)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, digits);
}

/** A random-looking (version 4) UUID. */
export function uuidOf(seed: number): string {
  const hex = hexDigits(seed, 32);
  const variant = 'ab89'[Number.parseInt(hex.charAt(16), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
