import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { fail } from '../../contract/problem.ts';
import { problemAt, shown } from '../text-problem.ts';
import { applyEdits, type Edit, lineEndOf, placeFinder } from './edits.ts';
import { type KeyStep, printKey, readKey } from './key-path.ts';
import type { FileSettings, Setting } from './settings.ts';

const deepest = 64;
const options = { allowTrailingComma: true, disallowComments: false };

/** Every value of a JSON text, comments allowed, as it is written there; empty lists and objects are values too. */
export function readJsonSettings(path: string, text: string): Omit<FileSettings, 'format'> {
  if (text.trim() === '') return { settings: [], problems: [] };
  const place = placeFinder(text);
  if (depthOf(text) > deepest)
    return { settings: [], problems: [problemAt(path, 1, 1, `values are nested more than ${deepest} deep`)] };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, options);
  const [error] = errors;
  if (error || !root) {
    const at = place(error?.offset ?? 0);
    const words = error ? printParseErrorCode(error.error) : 'nothing';
    return { settings: [], problems: [problemAt(path, at.line, at.column, `not JSON: ${words}`)] };
  }
  const settings: Setting[] = [];
  const seen = new Set<string>();
  const twice: string[] = [];
  walk(root, [], (steps, node) => {
    const key = printKey(steps);
    if (seen.has(key)) twice.push(key);
    else if (key !== '')
      settings.push({ key, value: text.slice(node.offset, node.offset + node.length), place: place(node.offset) });
    seen.add(key);
  });
  return { settings, problems: twice.map((key) => problemAt(path, 1, 1, `${shown(key)} is there twice`)) };
}

/** The text with one value replaced, added or removed; throws a Problem where that cannot be done. */
export function writeJsonSetting(text: string, key: string, value: string | null): string {
  const steps = readKey(key);
  if (!steps) throw fail('invalid-input', `${shown(key)} is not the name of a setting`);
  if (value !== null && !isLiteral(value))
    throw fail('invalid-input', `${shown(value)} is not JSON`, {
      hint: `Text stands between quotes: ${JSON.stringify(value)}`,
    });
  const source = text.trim() === '' ? `{}${lineEndOf(text)}` : text;
  const root = parseTree(source, [], options);
  let node = root;
  for (const [at, step] of steps.entries()) {
    if (!node) break;
    const next: Node | undefined = childAt(node, step);
    if (!next) return value === null ? text : applyEdits(source, insertion(source, node, steps.slice(at), value));
    node = next;
  }
  if (!node) throw fail('invalid-input', 'there is no JSON value to change');
  if (value !== null) return applyEdits(source, [{ from: node.offset, to: node.offset + node.length, text: value }]);
  return applyEdits(source, removal(source, node));
}

function walk(node: Node, steps: KeyStep[], found: (steps: KeyStep[], node: Node) => void): void {
  const children = node.children ?? [];
  if (children.length === 0 || node.type === 'property') return found(steps, node);
  for (const [at, child] of children.entries()) {
    const [name, value] = node.type === 'object' ? (child.children ?? []) : [undefined, child];
    if (value) walk(value, [...steps, name ? String(name.value) : at], found);
  }
}

function childAt(node: Node, step: KeyStep): Node | undefined {
  if (typeof step === 'number') return node.type === 'array' ? node.children?.[step] : undefined;
  if (node.type !== 'object') return undefined;
  return node.children?.find(({ children }) => children?.[0]?.value === step)?.children?.[1];
}

function insertion(text: string, node: Node, steps: readonly KeyStep[], value: string): Edit[] {
  const [step] = steps;
  const children = node.children ?? [];
  const fits = node.type === 'object' ? typeof step === 'string' : node.type === 'array' && step === children.length;
  if (!fits || step === undefined)
    throw fail('invalid-input', `there is no place for ${shown(printKey(steps))} in this file`);
  const made = (typeof step === 'string' ? `${JSON.stringify(step)}: ` : '') + nested(steps.slice(1), value);
  const last = children.at(-1);
  const end = node.offset + node.length - 1;
  if (!last) return [{ from: node.offset + 1, to: end, text: ` ${made} ` }];
  const lead = leadOf(text, last.offset);
  const from = last.offset + last.length;
  // A comma that is there already stays the last one's own.
  return /^\s*,/.test(text.slice(from, end)) && children.length > 0 && /,\s*$/.test(text.slice(from, end))
    ? [{ from: text.indexOf(',', from) + 1, to: text.indexOf(',', from) + 1, text: `${lead}${made},` }]
    : [{ from, to: from, text: `,${lead}${made}` }];
}

/** What stands between a value and the one before it: a line end and its indent, or a blank. */
function leadOf(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const indent = text.slice(start, offset);
  return start > 0 && indent.trim() === '' ? lineEndOf(text) + indent : ' ';
}

function nested(steps: readonly KeyStep[], value: string): string {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === 'string') return `{ ${JSON.stringify(step)}: ${nested(rest, value)} }`;
  if (step !== 0) throw fail('invalid-input', 'a new list begins with [0]');
  return `[${nested(rest, value)}]`;
}

function removal(text: string, node: Node): Edit[] {
  const item = node.parent?.type === 'property' ? node.parent : node;
  const siblings = item.parent?.children ?? [];
  const at = siblings.indexOf(item);
  if (at === -1) throw fail('refused', 'the whole file cannot be removed here');
  const before = siblings[at - 1];
  const after = siblings[at + 1];
  if (item.parent?.type === 'array' && after) throw fail('refused', 'only the last of a list can be removed here');
  const to = item.offset + item.length;
  if (!before) return [{ from: item.offset, to: after ? after.offset : to, text: '' }];
  const from = before.offset + before.length;
  const between = text.slice(from, item.offset);
  if (!between.includes('/')) return [{ from, to, text: '' }];
  // A comment in between belongs to what stays.
  const comma = from + between.indexOf(',');
  const blank = between.length - between.trimEnd().length;
  return [
    { from: comma, to: after ? comma : comma + 1, text: '' },
    { from: item.offset - blank, to: after ? text.indexOf(',', to) + 1 : to, text: '' },
  ];
}

function isLiteral(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function depthOf(text: string): number {
  const scanner = createScanner(text, true);
  let depth = 0;
  let most = 0;
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const sign = text.charAt(scanner.getTokenOffset());
    if (sign === '{' || sign === '[') most = Math.max(most, ++depth);
    else if (sign === '}' || sign === ']') depth -= 1;
  }
  return most;
}
