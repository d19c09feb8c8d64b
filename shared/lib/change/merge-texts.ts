import { diff3Merge } from 'node-diff3';

/** A place that both changed, each in another way; `line` is that of its first mark in the merged text, from 1. */
export interface MergeConflict {
  readonly line: number;
  readonly base: string;
  readonly theirs: string;
  readonly yours: string;
}

/** Two edits of one text as one. Where they are against each other both stand, between marks, for a person to settle. */
export interface MergedTexts {
  readonly merged: string;
  readonly conflicts: readonly MergeConflict[];
}

const begins = '<<<<<<< on the host';
const middle = '=======';
const ends = '>>>>>>> yours';
/** Comparing costs up to the product of two lengths in lines. */
const mostPairs = 16_000_000;

/** Merges line by line what was done to `base`; what only one of the two changed is taken from that one. */
export function mergeTexts(base: string, theirs: string, yours: string): MergedTexts {
  const [o, a, b] = [base, theirs, yours].map((text) => text.split('\n')) as [string[], string[], string[]];
  const shortest = Math.min(o.length, a.length, b.length);
  let head = 0;
  while (head < shortest && o[head] === a[head] && o[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && o.at(-1 - tail) === a.at(-1 - tail) && o.at(-1 - tail) === b.at(-1 - tail))
    tail += 1;
  const inner = (lines: string[]) => lines.slice(head, lines.length - tail);
  const lines = o.slice(0, head);
  const conflicts: MergeConflict[] = [];
  for (const region of regionsOf(inner(o), inner(a), inner(b))) {
    if ('ok' in region) {
      for (const line of region.ok) lines.push(line);
      continue;
    }
    const line = lines.length + 1;
    for (const part of [[begins], region.theirs, [middle], region.yours, [ends]])
      for (const one of part) lines.push(one);
    const [was, is, wished] = [region.base, region.theirs, region.yours].map((part) => part.join('\n'));
    conflicts.push({ line, base: was ?? '', theirs: is ?? '', yours: wished ?? '' });
  }
  for (const line of o.slice(o.length - tail)) lines.push(line);
  return { merged: lines.join('\n'), conflicts };
}

/** Whether marks of a conflict still stand in a text. */
export function hasConflictMarks(text: string): boolean {
  return text.split('\n').some((line) => line === begins || line === ends);
}

type Region = { ok: string[] } | { base: string[]; theirs: string[]; yours: string[] };

function regionsOf(base: string[], theirs: string[], yours: string[]): Region[] {
  const same = (one: string[], other: string[]) =>
    one.length === other.length && one.every((line, at) => line === other[at]);
  if (same(theirs, yours) || same(base, theirs)) return [{ ok: yours }];
  if (same(base, yours)) return [{ ok: theirs }];
  if (base.length * Math.max(theirs.length, yours.length) > mostPairs) return [{ base, theirs, yours }];
  return diff3Merge(theirs, base, yours, { excludeFalseConflicts: true }).map(({ ok, conflict }) =>
    conflict ? { base: conflict.o, theirs: conflict.a, yours: conflict.b } : { ok: ok ?? [] },
  );
}
