import { isMap, isPair, isScalar, isSeq, type Node } from 'yaml';
import { fail, type ProblemError } from '../../contract/problem.ts';
import { withBlock, withQuotes } from '../provision/scalar.ts';
import { lineStart } from '../provision/text-lines.ts';
import { applyEdits, lineEndOf } from '../settings/edits.ts';
import { type KeyStep, printKey } from '../settings/key-path.ts';
import { shown } from '../text-problem.ts';
import { yamlBehind, yamlEntry, yamlInBrackets, yamlItem, yamlPair, yamlScalar } from './print-yaml.ts';
import { below, type TreeScalar, type TreeValue } from './tree-value.ts';
import { endOf, endOfStep, lineBehind, startOf, type Step, wayTo } from './yaml-nodes.ts';

/** The text with a scalar replaced, or added with those keys above it that are not there. Throws a Problem where it cannot be. */
export function setInYaml(text: string, steps: readonly KeyStep[], value: TreeScalar): string {
  const { found, missing } = wayTo(text, steps);
  const last = found.at(-1);
  if (missing.length > 0 || !last || last.node === null) return add(text, steps, value);
  if (isMap(last.node) || isSeq(last.node)) throw cannot(steps);
  const [from, to] = last.node.range ?? [0, 0];
  const isBlock = isScalar(last.node) && (last.node.type ?? '').startsWith('BLOCK');
  if (!isBlock && !value.text.includes('\n'))
    return applyEdits(text, [{ from, to, text: yamlScalar(value, last.node) }]);
  const inBrackets = found.some(({ parent }) => parent.flow);
  const block = inBrackets ? null : withBlock(text, from, to, value.text, columnOf(text, startOf(last)));
  return block ?? withQuotes(text, from, to, yamlScalar(value, last.node));
}

/** The text with one more item at the end of a list, which is begun where there is none. */
export function appendInYaml(text: string, steps: readonly KeyStep[], value: TreeValue): string {
  const { found, missing } = wayTo(text, steps);
  const last = found.at(-1);
  const list = last?.node ?? null;
  if (missing.length > 0 || list === null) return add(text, steps, { items: [value] });
  if (!isSeq(list) || !list.range || !last) throw cannot(steps);
  const [from, to] = list.range;
  if (list.flow && list.items.length > 0)
    return insert(text, endOf(list.items.at(-1) as Node), `, ${yamlInBrackets(value)}`);
  if (list.flow && (isSeq(last.parent) || found.some(({ parent }) => parent.flow)))
    return insert(text, from + 1, yamlInBrackets(value));
  if (list.flow) {
    // The brackets of an empty list go, and its items stand below their key.
    const ends = /^[ \t]*(?:\r?\n|$)/.test(text.slice(to));
    const open = ends ? from - (/[ \t]*$/.exec(text.slice(0, from))?.[0].length ?? 0) : from;
    const bare = text.slice(0, open) + text.slice(to);
    return insertLines(bare, lineBehind(bare, open), yamlItem(value, ' '.repeat(columnOf(text, startOf(last)) + 2)));
  }
  const blanks = text.slice(lineStart(text, from), from);
  if (blanks.trim() !== '') throw cannot(steps);
  return insertLines(text, lineBehind(text, endOf(list)), yamlItem(value, blanks));
}

/** The text without a key or an item, and without a key that would be left with nothing; comments outside of it stay. */
export function removeInYaml(text: string, steps: readonly KeyStep[]): string {
  const { found, missing } = wayTo(text, steps);
  if (missing.length > 0) return text;
  let at = found.length - 1;
  // What would be empty goes too, unless a comment stands in it.
  while (at > 0 && found[at]?.parent.items.length === 1 && isBareAround(text, found[at - 1], found[at])) at -= 1;
  const gone = found[at];
  if (!gone) throw cannot(steps);
  const { parent } = gone;
  if (parent.flow) return withoutInBrackets(text, gone);
  const start = startOf(gone);
  const end = lineBehind(text, endOfStep(gone));
  const begins = isSeq(parent) ? dashBefore(text, start) : start;
  const from = begins === null ? -1 : lineStart(text, begins);
  if (begins !== null && text.slice(from, begins).trim() === '') return cutLines(text, from, end);
  const next = isMap(parent) && gone.at === 0 ? nextStart(gone) : null;
  // What begins an item of a list: the next key takes its place behind the dash.
  if (next === null || /\S/.test(text.slice(end, next))) throw cannot(steps);
  return text.slice(0, start) + text.slice(next);
}

/** Adds what is missing of the way to a value, and the value. */
function add(text: string, steps: readonly KeyStep[], value: TreeValue): string {
  const { root, found, missing } = wayTo(text, steps);
  const last = found.at(-1);
  if (last && last.node === null) {
    const made = below(missing, value);
    if (!made || !isPair(last.parent.items[last.at])) throw cannot(steps);
    const at = endOfStep(last);
    if (found.some(({ parent }) => parent.flow)) return insert(text, at, ` ${yamlInBrackets(made)}`);
    const behind = yamlBehind(made, columnOf(text, startOf(last)));
    const [first = '', ...rest] = behind.split(/(?<=\n)/);
    const comment = lineBehind(text, at);
    const filled = insert(text, at, first.trimEnd());
    return rest.length === 0 ? filled : insertLines(filled, comment + first.trimEnd().length, rest.join(''));
  }
  const [key, ...more] = missing;
  const made = below(more, value);
  const map = last ? last.node : root;
  if (typeof key !== 'string' || !made) throw cannot(steps);
  if (map === null) return insertLines(text, text.length, yamlEntry(key, made, ''));
  if (!isMap(map) || !map.range) throw cannot(steps);
  if (map.items.length === 0) return insert(text, map.range[0] + 1, yamlPair(key, made));
  if (map.flow) {
    const at = map.items.length - 1;
    const node = (map.items[at]?.value ?? null) as Node | null;
    return insert(text, endOfStep({ parent: map, at, node }), `, ${yamlPair(key, made)}`);
  }
  const column = columnOf(text, startOf({ parent: map, at: 0, node: null }));
  return insertLines(text, lineBehind(text, endOf(map)), yamlEntry(key, made, ' '.repeat(column)));
}

function insert(text: string, at: number, words: string): string {
  return text.slice(0, at) + words + text.slice(at);
}

/** Puts whole lines where a line begins, or behind a last line that has no end. */
function insertLines(text: string, at: number, lines: string): string {
  const end = lineEndOf(text);
  const made = lines.replaceAll('\n', end);
  const open = at > 0 && !text.slice(0, at).endsWith('\n');
  return insert(text, at, open ? end + made.slice(0, -end.length) : made);
}

function cutLines(text: string, from: number, to: number): string {
  const rest = text.slice(0, from) + text.slice(to);
  return text.endsWith('\n') ? rest : rest.replace(/\r?\n$/, '');
}

function withoutInBrackets(text: string, gone: Step): string {
  const { parent, at } = gone;
  const from = startOf(gone);
  const to = endOfStep(gone);
  const sibling = (place: number): Step | null =>
    place < 0 || place >= parent.items.length ? null : { parent, at: place, node: valueAt(parent, place) };
  const [before, after] = [sibling(at - 1), sibling(at + 1)];
  if (before) return text.slice(0, endOfStep(before)) + text.slice(to);
  return text.slice(0, from) + text.slice(after ? startOf(after) : to);
}

function valueAt(parent: Step['parent'], at: number): Node | null {
  const item = parent.items[at];
  return ((isPair(item) ? item.value : item) ?? null) as Node | null;
}

function nextStart({ parent, at }: Step): number | null {
  return at + 1 < parent.items.length ? startOf({ parent, at: at + 1, node: valueAt(parent, at + 1) }) : null;
}

/** The dash of an item that begins at an offset; null when something else stands between them. */
function dashBefore(text: string, start: number): number | null {
  const blanks = /-[ \t]+$/.exec(text.slice(lineStart(text, start), start));
  return blanks ? start - blanks[0].length : null;
}

/** Whether nothing stands between a key and the only thing in it. */
function isBareAround(text: string, outer: Step | undefined, inner: Step | undefined): boolean {
  if (!outer || !inner || outer.parent.flow || isSeq(outer.parent)) return false;
  const key = (outer.parent.items[outer.at] as { key: Node }).key.range?.[1] ?? 0;
  const between = text.slice(key, startOf(inner));
  return /^:[ \t]*\r?\n[ \t]*(?:-[ \t]+)?$/.test(between);
}

function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

function cannot(steps: readonly KeyStep[]): ProblemError {
  return fail('unsupported', `${shown(printKey(steps))} is written so that the form cannot change it`, {
    hint: 'Edit the text.',
  });
}
