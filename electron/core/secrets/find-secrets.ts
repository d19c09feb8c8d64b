/** Where a secret stands in a text; `end` is the first place behind it. */
export interface SecretRange {
  readonly start: number;
  readonly end: number;
}

const secretName =
  '(?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|private[_-]?key|preshared[_-]?key|access[_-]?key|psk|credentials?)';
/** A name ends in such a word: DB_PASSWORD is one, PasswordAuthentication is not. */
const named = `(?<![\\w-])[\\w.-]{0,60}${secretName}`;

/** Each finds a secret as its group `secret`, within one line. */
const inLine: readonly RegExp[] = [
  // password: "x", "token": "x", PrivateKey = x
  new RegExp(`${named}["']?\\s{0,20}[:=]\\s{0,20}["'](?<secret>[^"'\\n]{1,4000})["']`, 'dgi'),
  new RegExp(`${named}["']?\\s{0,20}[:=]\\s{0,20}(?<secret>[^\\s"',;#&[{][^\\s"',;&]{0,4000})`, 'dgi'),
  // requirepass x, --token x
  /^\s{0,40}(?:requirepass|masterauth|password|psk)\s{1,20}(?<secret>[^\s"'=:]{1,4000})\s*$/dgi,
  /(?<![\w-])--?(?:password|passwd|token|secret|api-key)\s{1,4}(?<secret>[^\s"'-][^\s"']{0,4000})/dgi,
  // A scheme's user and password
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{0,200}:(?<secret>[^\s@/]{1,400})@/dgi,
  /\b(?:Bearer|Basic)\s+(?<secret>[A-Za-z0-9._~+/=-]{8,4000})/dg,
  // What crypt(3) makes of a password
  /(?<secret>\$(?:1|2[aby]|5|6|7|y|gy|sha1)\$[./A-Za-z0-9$,=]{20,400})/dg,
  // Whatever looks like a token already is one more secret, so that no host can make another's come out.
  /(?<secret>⟦secret [0-9a-f]{12}⟧)/dg,
];

const noSecret = /^(?:true|false|yes|no|on|off|none|null|nil|files?|\d{1,3}|\/.*|\$\{?\w+\}?|\*+|%[a-z%])$/i;
const keyBegins = /^\s*-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----\s*$/;
const keyEnds = /^\s*-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----\s*$/;

/** Long lines (a file in one line of JSON) are looked through in pieces that overlap by half. */
const pieceChars = 8_000;

/**
 * Where a text holds what should not be read over a shoulder: values of names that say so, private keys, password hashes,
 * credentials in addresses. In order, without overlap. A guess by form: it may miss one that looks like nothing.
 */
export function findSecrets(text: string): SecretRange[] {
  const ranges: SecretRange[] = [];
  let key: number | null = null;
  let at = 0;
  for (const line of text.split('\n')) {
    const next = at + line.length + 1;
    if (key !== null && keyEnds.test(line)) {
      if (at - 1 > key) ranges.push({ start: key, end: at - 1 });
      key = null;
    } else if (key === null && keyBegins.test(line)) key = next;
    else if (key === null) ranges.push(...inOneLine(line, at));
    at = next;
  }
  if (key !== null && text.length > key) ranges.push({ start: key, end: text.length });
  return ranges;
}

function inOneLine(line: string, offset: number): SecretRange[] {
  const found: SecretRange[] = [];
  for (let from = 0; from === 0 || from + pieceChars / 2 < line.length; from += pieceChars / 2)
    found.push(...inPiece(line.slice(from, from + pieceChars), offset + from));
  return withoutOverlap(found);
}

function inPiece(piece: string, offset: number): SecretRange[] {
  const found: SecretRange[] = [];
  for (const pattern of inLine) {
    for (const { indices, groups } of piece.matchAll(pattern)) {
      const [start, end] = indices?.groups?.['secret'] ?? [0, 0];
      if (end > start && !noSecret.test(groups?.['secret'] ?? ''))
        found.push({ start: offset + start, end: offset + end });
    }
  }
  return found;
}

/** The widest of those that overlap. */
function withoutOverlap(ranges: readonly SecretRange[]): SecretRange[] {
  const kept: SecretRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (!last || range.start >= last.end) kept.push(range);
    else if (range.end > last.end) kept[kept.length - 1] = { start: last.start, end: range.end };
  }
  return kept;
}
