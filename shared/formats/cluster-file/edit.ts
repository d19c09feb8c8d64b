import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';
import {
  type ClusterMode,
  defaultThresholds,
  type ThresholdChanges,
  thresholdConflicts,
} from '#shared/contract/cluster.ts';
import { fail } from '#shared/contract/problem.ts';
import { parseClusterFile } from './parse.ts';

/** The text with another mode; every other character stays. Rejects with `conflict` when that cannot be done safely. */
export function setMode(text: string, mode: ClusterMode): string {
  return checked(text, setField(text, null, 'mode', mode), (file) => file.mode === mode);
}

/**
 * The text with these thresholds; those not named, comments and order stay. Rejects as setMode does, and with
 * `invalid-input` when attention would lie above failing.
 */
export function setThresholds(text: string, changes: ThresholdChanges): string {
  let edited = text;
  for (const [key, value] of Object.entries(changes))
    if (value !== undefined) edited = setField(edited, 'health', key, String(value));
  const [conflict] = thresholdConflicts({ ...defaultThresholds, ...parseClusterFile(edited, '').file.health });
  if (conflict) throw fail('invalid-input', conflict.words, { hint: 'Write the lower number for attention.' });
  return checked(text, edited, ({ health }) =>
    Object.entries(changes).every(
      ([key, value]) => value === undefined || health[key as keyof ThresholdChanges] === value,
    ),
  );
}

type Read = ReturnType<typeof parseClusterFile>['file'];

/** Makes sure that the edit did what it should and touched nothing else. */
function checked(before: string, after: string, done: (file: Read) => boolean): string {
  const old = parseClusterFile(before, '');
  const edited = parseClusterFile(after, '');
  const rest = (file: Read): string =>
    JSON.stringify({
      ...file,
      mode: '',
      health: '',
      hosts: file.hosts.map((host) => ({ ...host, line: 0 })),
      patterns: file.patterns.map(({ fromSshConfig, labels }) => [fromSshConfig, labels]),
    });
  if (edited.broken || !done(edited.file) || (!old.broken && rest(old.file) !== rest(edited.file)))
    throw fail('conflict', 'this file is written in a way that cannot be edited here', {
      hint: 'Edit it as text, and mend what is marked as wrong first.',
    });
  return after;
}

/** Writes `key: value` into the top mapping, or into the mapping `under` it, by the smallest change of the text. */
function setField(text: string, under: string | null, key: string, value: string): string {
  const top = parseDocument(text, {
    schema: 'failsafe',
    prettyErrors: false,
    logLevel: 'silent',
    uniqueKeys: false,
  }).contents;
  if (top === null) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${nested(under, key, value, '')}`;
  if (!isMap(top)) return text;
  if (under === null) return setIn(text, top, key, value);
  const parent = find(top, under);
  if (parent === null) return insertAfter(text, text.length, nested(under, key, value, indentOf(text, top)));
  if (isMap(parent.value)) return setIn(text, parent.value, key, value);
  if (!isScalar(parent.value) || parent.value.source !== '' || !parent.value.range) return text;
  const indent = `${indentOf(text, top)}  `;
  return insertAfter(text, parent.value.range[0], `${indent}${key}: ${value}\n`);
}

function setIn(text: string, map: YAMLMap, key: string, value: string): string {
  const pair = find(map, key);
  const range = isScalar(pair?.value) ? pair.value.range : null;
  if (pair && isScalar(pair.value) && range) {
    const gap = range[0] === range[1] && text[range[0] - 1] === ':' ? ' ' : '';
    return text.slice(0, range[0]) + gap + value + text.slice(range[1]);
  }
  if (pair) return text;
  if (map.flow) {
    const close = (map.range?.[1] ?? 0) - 1;
    const body = text.slice((map.range?.[0] ?? 0) + 1, close);
    const comma = map.items.length === 0 || /,\s*$/.test(body) ? '' : ', ';
    const tail = /\s*$/.exec(body)?.[0] ?? '';
    const at = close - tail.length;
    return `${text.slice(0, at)}${comma}${key}: ${value}${text.slice(at)}`;
  }
  // `mode` belongs to the head of the file, thresholds to the end of theirs.
  const neighbour = key === 'mode' ? (find(map, 'colour') ?? find(map, 'name')) : map.items.at(-1);
  const line = `${indentOf(text, map)}${key}: ${value}\n`;
  if (neighbour === undefined || neighbour === null) {
    const start = lineStart(text, map.range?.[0] ?? 0);
    return text.slice(0, start) + line + text.slice(start);
  }
  return insertAfter(text, endOf(neighbour), line);
}

function find(map: YAMLMap, key: string): Pair | null {
  const found = map.items.findLast((pair) => isScalar(pair.key) && pair.key.value === key);
  return found ?? null;
}

/** Where a pair's value (or, without one, its key) ends, before any comment that follows. */
function endOf(pair: Pair): number {
  const { key, value } = pair as { key: { range?: number[] | null }; value: { range?: number[] | null } | null };
  return value?.range?.[1] ?? key.range?.[1] ?? 0;
}

function nested(under: string | null, key: string, value: string, indent: string): string {
  return under === null ? `${indent}${key}: ${value}\n` : `${indent}${under}:\n${indent}  ${key}: ${value}\n`;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The blanks before the first key of a block mapping. */
function indentOf(text: string, map: YAMLMap): string {
  const first = map.items[0]?.key;
  const at = isScalar(first) ? (first.range?.[0] ?? 0) : 0;
  const before = text.slice(lineStart(text, at), at);
  return /^ *$/.test(before) ? before : '';
}

/** Inserts whole lines after the line that `at` is in. */
function insertAfter(text: string, at: number, lines: string): string {
  const end = at > 0 && text[at - 1] === '\n' ? at - 1 : text.indexOf('\n', at);
  if (end < 0) return `${text}${text.endsWith('\n') || text === '' ? '' : '\n'}${lines}`;
  return text.slice(0, end + 1) + lines + text.slice(end + 1);
}
