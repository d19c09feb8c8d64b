import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const maxFound = 1000;

/**
 * Paths that fit an absolute pattern with `*`, `?` and `[…]`, sorted as glob(7) does it: wildcards never match a slash or
 * a leading dot. A pattern without wildcards is answered as it is, whether the file exists or not; at most 1,000 paths.
 */
export async function globFiles(pattern: string): Promise<string[]> {
  const segments = pattern.split('/');
  let found = [segments[0] === '' ? '/' : (segments[0] ?? '')];
  for (const segment of segments.slice(1)) {
    if (segment === '') continue;
    if (!/[*?[]/.test(segment)) {
      found = found.map((folder) => join(folder, segment));
      continue;
    }
    const next: string[] = [];
    for (const folder of found) {
      const names = await readdir(folder).catch(() => []);
      next.push(...names.filter((name) => fitsSegment(name, segment)).map((name) => join(folder, name)));
    }
    found = next.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).slice(0, maxFound);
  }
  return found;
}

/** Whether one file name fits one path segment of a glob pattern, in at most name × pattern steps. */
export function fitsSegment(name: string, segment: string): boolean {
  if (name.startsWith('.') && !segment.startsWith('.')) return false;
  const wanted = tokens(segment);
  let at = 0;
  let inWanted = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const token = wanted[inWanted];
    if (token === '*') {
      star = inWanted++;
      starAt = at;
    } else if (token?.(name.charAt(at))) {
      inWanted++;
      at++;
    } else if (star >= 0) {
      inWanted = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (wanted[inWanted] === '*') inWanted++;
  return inWanted === wanted.length;
}

type Token = '*' | ((char: string) => boolean);

function tokens(segment: string): Token[] {
  const made: Token[] = [];
  for (let at = 0; at < segment.length; at++) {
    const char = segment.charAt(at);
    // A bracket that comes first in a set stands for itself.
    const first = at + ('!^'.includes(segment.charAt(at + 1)) ? 2 : 1);
    const close = char === '[' ? segment.indexOf(']', first + 1) : -1;
    if (char === '*') made.push('*');
    else if (char === '?') made.push(() => true);
    else if (close > at) {
      made.push(bracket(segment.slice(at + 1, close)));
      at = close;
    } else if (char === '\\' && at + 1 < segment.length) {
      const literal = segment.charAt(++at);
      made.push((other) => other === literal);
    } else made.push((other) => other === char);
  }
  return made;
}

function bracket(body: string): (char: string) => boolean {
  const negated = body.startsWith('!') || body.startsWith('^');
  const ranges: [from: string, to: string][] = [];
  const set = negated ? body.slice(1) : body;
  for (let at = 0; at < set.length; at++) {
    const from = set.charAt(at);
    if (set.charAt(at + 1) === '-' && at + 2 < set.length) {
      ranges.push([from, set.charAt(at + 2)]);
      at += 2;
    } else ranges.push([from, from]);
  }
  return (char) => ranges.some(([from, to]) => char >= from && char <= to) !== negated;
}
