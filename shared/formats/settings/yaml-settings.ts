import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { fail, type Problem } from '../../contract/problem.ts';
import { problemAt, shown } from '../text-problem.ts';
import { applyEdits, lineEndOf } from './edits.ts';
import { type KeyStep, printKey, readKey } from './key-path.ts';
import type { FileSettings, Setting } from './settings.ts';
import { isPlain, literalFor, valueOf } from './yaml-scalar.ts';

const deepest = 64;

type Collection = YAMLMap | YAMLSeq;

/** A value and where it lies: the collection it is in, and its place there. */
interface Found {
  readonly parent: Collection;
  readonly at: number;
  readonly node: Node | null;
}

/** Every scalar of a YAML text; empty lists and mappings are values too, aliases and merges stand as they are written. */
export function readYamlSettings(path: string, text: string): Omit<FileSettings, 'format'> {
  const lines = new LineCounter();
  const parsed = parse(text, lines);
  if ('problem' in parsed) {
    const { line, col } = lines.linePos(parsed.at);
    return { settings: [], problems: [problemAt(path, Math.max(1, line), Math.max(1, col), parsed.problem)] };
  }
  const settings: Setting[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  walk(parsed.root, [], (steps, node, offset) => {
    const key = printKey(steps);
    const { line, col } = lines.linePos(offset);
    const place = { line: Math.max(1, line), column: Math.max(1, col) };
    if (seen.has(key)) problems.push(problemAt(path, place.line, place.column, `${shown(key)} is there twice`));
    else if (key !== '') settings.push({ key, value: valueOf(node), place });
    seen.add(key);
  });
  return { settings, problems };
}

/** The text with one scalar replaced, a key added to a mapping, or a key removed; throws a Problem where that cannot be done. */
export function writeYamlSetting(text: string, key: string, value: string | null): string {
  const steps = readKey(key);
  if (!steps) throw fail('invalid-input', `${shown(key)} is not the name of a setting`);
  const parsed = parse(text, new LineCounter());
  if ('problem' in parsed) throw fail('invalid-input', parsed.problem);
  const { root } = parsed;
  if (root === null) return value === null ? text : text + lead(text) + block(steps, value, '', lineEndOf(text));
  const way: Found[] = [];
  let node: Node | null = root;
  for (const [at, step] of steps.entries()) {
    const next: Found | null = isMap(node) || isSeq(node) ? find(node, step) : null;
    if (next) {
      way.push(next);
      node = next.node;
    } else return value === null ? text : added(text, node, steps.slice(at), value);
  }
  if (value === null) return removed(text, way);
  if (node === null || !node.range) throw unsupported(key);
  if (isScalar(node) && node.source === '' && node.range[0] === node.range[1] && node.type === 'PLAIN') {
    const pad = text.charAt(node.range[0] - 1) === ':' || text.charAt(node.range[0] - 1) === '-' ? ' ' : '';
    return applyEdits(text, [{ from: node.range[0], to: node.range[0], text: pad + literalFor(value, node) }]);
  }
  if (isScalar(node) && (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL')) throw unsupported(key);
  return applyEdits(text, [{ from: node.range[0], to: node.range[1], text: literalFor(value, node) }]);
}

function unsupported(key: string) {
  return fail('unsupported', `${shown(key)} cannot be changed here`, { hint: 'Edit the text of the file.' });
}

function parse(text: string, lineCounter: LineCounter): { root: Node | null } | { problem: string; at: number } {
  try {
    const document = parseDocument(text, {
      schema: 'failsafe',
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
      lineCounter,
    });
    const [error] = document.errors;
    return error ? { problem: `not YAML: ${error.message}`, at: error.pos[0] } : { root: document.contents };
  } catch (error) {
    // Thousands of brackets in each other are more than the library's own recursion bears.
    if (error instanceof RangeError) return { problem: 'values are nested too deep', at: 0 };
    throw error;
  }
}

function walk(
  node: Node | null,
  steps: KeyStep[],
  found: (steps: KeyStep[], node: Node | null, offset: number) => void,
  offset = node?.range?.[0] ?? 0,
): void {
  if (steps.length > deepest || !(isMap(node) || isSeq(node)) || node.items.length === 0)
    return found(steps, node, offset);
  for (const [at, item] of node.items.entries()) {
    if (!isPair(item)) walk(item as Node | null, [...steps, at], found, (item as Node | null)?.range?.[0] ?? offset);
    else {
      const key = item.key as Node;
      walk(item.value as Node | null, [...steps, nameOf(key)], found, key.range?.[0] ?? offset);
    }
  }
}

function nameOf(key: Node): string {
  if (isAlias(key)) return `*${key.source}`;
  return isScalar(key) ? String(key.value) : '?';
}

function find(node: Collection, step: KeyStep): Found | null {
  if (isSeq(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return item === undefined || isPair(item) ? null : { parent: node, at: Number(step), node: item as Node | null };
  }
  const at = node.items.findIndex((pair) => isPair(pair) && nameOf(pair.key as Node) === step);
  const pair = node.items[at];
  return pair ? { parent: node, at, node: pair.value as Node | null } : null;
}

function added(text: string, node: Node | null, steps: readonly KeyStep[], value: string): string {
  const [step] = steps;
  const fits = isMap(node) ? typeof step === 'string' : isSeq(node) && step === node.items.length && steps.length === 1;
  if (!node?.range || !fits || step === undefined) throw unsupported(printKey(steps));
  const { items, flow } = node as Collection;
  const last = items.at(-1);
  if (flow || last === undefined) {
    const made = typeof step === 'string' ? flowPair(steps, value) : literalFor(value, null);
    const end = last === undefined ? node.range[0] + 1 : endOf(last as Node);
    return applyEdits(text, [{ from: end, to: end, text: last === undefined ? made : `, ${made}` }]);
  }
  const first = items[0];
  const from = (isPair(first) ? (first.key as Node) : node).range?.[0] ?? 0;
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const indent = text.slice(lineStart, from).replaceAll(/[^\t]/g, ' ');
  const end = lineAfter(text, endOf(last as Node));
  const made = isSeq(node)
    ? `${indent}- ${literalFor(value, null)}${lineEndOf(text)}`
    : block(steps, value, indent, lineEndOf(text));
  const open = end > 0 && text.charAt(end - 1) !== '\n';
  const fit = open ? lineEndOf(text) + made.replace(/\r?\n$/, '') : made;
  return applyEdits(text, [{ from: end, to: end, text: fit }]);
}

function removed(text: string, way: readonly Found[]): string {
  // A mapping that would be left empty goes with its last key.
  let at = way.length - 1;
  while (at > 0 && way[at]?.parent.items.length === 1) at -= 1;
  const gone = way[at];
  const item = gone?.parent.items[gone.at];
  if (!gone || !isPair(item) || gone.parent.flow) throw unsupported('what is in a list');
  const from = (item.key as Node).range?.[0] ?? 0;
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  if (text.slice(lineStart, from).trim() !== '') throw unsupported('what begins an entry of a list');
  const end = lineAfter(text, endOf(item as unknown as Node));
  const rest = text.slice(0, lineStart) + text.slice(end);
  return text.endsWith('\n') ? rest : rest.replace(/\r?\n$/, '');
}

/** Where a value ends, without line ends and comments behind it. */
function endOf(node: Node): number {
  if (isPair(node)) {
    const value = node.value as Node | null;
    return value?.range ? Math.max(endOf(value), endOf(node.key as Node)) : endOf(node.key as Node);
  }
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) return endOf(node.items.at(-1) as Node);
  return node.range?.[1] ?? 0;
}

/** Where the line after an offset begins; the offset itself when a line begins there. */
function lineAfter(text: string, offset: number): number {
  if (offset > 0 && text.charAt(offset - 1) === '\n') return offset;
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
}

const lead = (text: string) => (text === '' || text.endsWith('\n') ? '' : lineEndOf(text));

function block(steps: readonly KeyStep[], value: string, indent: string, end: string): string {
  const [step, ...rest] = steps;
  if (typeof step !== 'string')
    throw fail('unsupported', 'a new list cannot be begun here', { hint: 'Edit the text of the file.' });
  const name = isPlain(step) ? step : JSON.stringify(step);
  if (rest.length === 0) return `${indent}${name}: ${literalFor(value, null)}${end}`;
  return `${indent}${name}:${end}${block(rest, value, `${indent}  `, end)}`;
}

function flowPair(steps: readonly KeyStep[], value: string): string {
  const [step, ...rest] = steps;
  if (typeof step !== 'string')
    throw fail('unsupported', 'a new list cannot be begun here', { hint: 'Edit the text of the file.' });
  const name = isPlain(step) ? step : JSON.stringify(step);
  return `${name}: ${rest.length === 0 ? literalFor(value, null) : `{${flowPair(rest, value)}}`}`;
}
