import { fail } from '#shared/contract/problem.ts';

/** One complete D-Bus type, parsed from a signature. `{` stands only as the element of an array. */
export type BusType =
  | { readonly code: BasicCode | 'v' }
  | { readonly code: 'a'; readonly element: BusType }
  | { readonly code: '('; readonly fields: readonly BusType[] }
  | { readonly code: '{'; readonly key: BasicCode; readonly value: BusType };

export type BasicCode = 'y' | 'b' | 'n' | 'q' | 'i' | 'u' | 'x' | 't' | 'd' | 's' | 'o' | 'g' | 'h';

const basicCodes = 'ybnqiuxtdsogh';
const alignments: Readonly<Record<BusType['code'], number>> = {
  y: 1,
  g: 1,
  v: 1,
  n: 2,
  q: 2,
  b: 4,
  i: 4,
  u: 4,
  s: 4,
  o: 4,
  h: 4,
  a: 4,
  x: 8,
  t: 8,
  d: 8,
  '(': 8,
  '{': 8,
};

/** The specification's limits: bytes of a signature, nesting of arrays, nesting of structs and dict entries. */
const maxSignatureLength = 255;
const maxNesting = 32;
const cacheSize = 512;
const cache = new Map<string, readonly BusType[]>();

/** The byte boundary at which a value of this type starts. */
export function alignmentOf(type: BusType): number {
  return alignments[type.code];
}

/** Parses a signature into its complete types; throws a ProblemError (protocol) on anything the specification forbids. */
export function parseSignature(signature: string): readonly BusType[] {
  const known = cache.get(signature);
  if (known) return known;
  if (signature.length > maxSignatureLength) throw fail('protocol', 'D-Bus: a signature is longer than 255 bytes');
  const types: BusType[] = [];
  let at = 0;
  while (at < signature.length) {
    const [type, next] = parseType(signature, at, 0, 0);
    types.push(type);
    at = next;
  }
  // A hostile peer can invent signatures without end; forgetting them all now and then is cheap and bounded.
  if (cache.size >= cacheSize) cache.clear();
  cache.set(signature, types);
  return types;
}

/** Parses a signature that must hold exactly one complete type, as a variant's does. */
export function parseSingleType(signature: string): BusType {
  const types = parseSignature(signature);
  const [type] = types;
  if (!type || types.length > 1) throw wrong(signature);
  return type;
}

function parseType(signature: string, at: number, arrays: number, structs: number): [BusType, number] {
  const code = signature[at] ?? '';
  if (isBasic(code) || code === 'v') return [{ code }, at + 1];
  if (code === 'a') {
    if (arrays >= maxNesting) throw fail('protocol', 'D-Bus: arrays are nested too deep');
    const [element, next] =
      signature[at + 1] === '{'
        ? parseDictEntry(signature, at + 1, arrays + 1, structs)
        : parseType(signature, at + 1, arrays + 1, structs);
    return [{ code, element }, next];
  }
  if (code === '(') return parseStruct(signature, at, arrays, structs);
  throw wrong(signature);
}

function parseStruct(signature: string, at: number, arrays: number, structs: number): [BusType, number] {
  if (structs >= maxNesting) throw fail('protocol', 'D-Bus: structs are nested too deep');
  const fields: BusType[] = [];
  let next = at + 1;
  while (signature[next] !== ')') {
    const [field, after] = parseType(signature, next, arrays, structs + 1);
    fields.push(field);
    next = after;
  }
  if (fields.length === 0) throw wrong(signature);
  return [{ code: '(', fields }, next + 1];
}

function parseDictEntry(signature: string, at: number, arrays: number, structs: number): [BusType, number] {
  if (structs >= maxNesting) throw fail('protocol', 'D-Bus: structs are nested too deep');
  const key = signature[at + 1] ?? '';
  if (!isBasic(key)) throw wrong(signature);
  const [value, next] = parseType(signature, at + 2, arrays, structs + 1);
  if (signature[next] !== '}') throw wrong(signature);
  return [{ code: '{', key, value }, next + 1];
}

function isBasic(code: string): code is BasicCode {
  return code !== '' && basicCodes.includes(code);
}

function wrong(signature: string) {
  return fail('protocol', `D-Bus: ${JSON.stringify(signature)} is not a valid signature`);
}
