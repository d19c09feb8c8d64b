import { isAlias, isMap, isPair, isScalar, isSeq, type Node, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { fail } from '../../contract/problem.ts';
import type { KeyStep } from '../settings/key-path.ts';

export type Collection = YAMLMap | YAMLSeq;

/** One step of the way to a value: the collection it lies in, its place there, and the value; null where none is written. */
export interface Step {
  readonly parent: Collection;
  readonly at: number;
  readonly node: Node | null;
}

/** The way from the top of a text to a value as far as it is written there, and the steps that are not. */
export interface Way {
  readonly root: Node | null;
  readonly found: readonly Step[];
  readonly missing: readonly KeyStep[];
}

/** Follows steps through a text; throws a Problem where it is no YAML. Aliases are not followed: they stand for another place. */
export function wayTo(text: string, steps: readonly KeyStep[]): Way {
  const document = parseDocument(text, {
    schema: 'failsafe',
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const [error] = document.errors;
  if (error) throw fail('invalid-input', 'the text is not YAML, so that nothing can be written into it');
  const root = nothing(document.contents) ? null : document.contents;
  const found: Step[] = [];
  let node: Node | null = root;
  for (const [index, step] of steps.entries()) {
    const next = node === null ? null : stepInto(node, step);
    if (!next) return { root, found, missing: steps.slice(index) };
    found.push(next);
    ({ node } = next);
  }
  return { root, found, missing: [] };
}

function stepInto(node: Node, step: KeyStep): Step | null {
  if (isSeq(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return item === undefined || isPair(item)
      ? null
      : { parent: node, at: Number(step), node: nothing(item as Node) ? null : (item as Node) };
  }
  if (!isMap(node)) return null;
  const at = node.items.findLastIndex(({ key }) => isScalar(key) && key.value === step);
  const value = node.items[at]?.value as Node | null | undefined;
  return at === -1 ? null : { parent: node, at, node: value && !nothing(value) ? value : null };
}

/** Whether a value is not written at all; `null` and `~` are written. */
function nothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.type === 'PLAIN' && node.source === '');
}

/** Where an item of a collection begins: its key, or its value in a list. */
export function startOf({ parent, at, node }: Step): number {
  const item = parent.items[at];
  return (isPair(item) ? (item.key as Node).range?.[0] : node?.range?.[0]) ?? 0;
}

/** Where an item of a collection ends, without line ends and comments behind it. */
export function endOfStep({ parent, at, node }: Step): number {
  const item = parent.items[at];
  const key = isPair(item) ? ((item.key as Node).range?.[1] ?? 0) : 0;
  if (node) return Math.max(key, endOf(node));
  return key === 0 ? 0 : key + 1;
}

/** Where a value ends, without line ends and comments behind it. */
export function endOf(node: Node): number {
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) {
    const at = node.items.length - 1;
    const item = node.items[at];
    const value = (isPair(item) ? item.value : item) as Node | null;
    return endOfStep({ parent: node, at, node: value && !nothing(value) ? value : null });
  }
  return isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? (node.range?.[1] ?? 0) : 0;
}

/** Where the line behind an offset begins; the offset itself where a line begins there. */
export function lineBehind(text: string, offset: number): number {
  if (offset > 0 && text.charAt(offset - 1) === '\n') return offset;
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
}
