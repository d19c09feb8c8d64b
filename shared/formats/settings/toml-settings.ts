import { parse, TomlError } from 'smol-toml';
import { fail } from '../../contract/problem.ts';
import { problemAt, shown } from '../text-problem.ts';
import { applyEdits, lineEndOf } from './edits.ts';
import { type KeyStep, printKey, readKey } from './key-path.ts';
import type { FileSettings, Setting } from './settings.ts';
import { findTomlLines, type TomlLine } from './toml-lines.ts';

/** Every value of a TOML text in one spelling; a list of plain values is one, tables in lists are told by their place. */
export function readTomlSettings(path: string, text: string): Omit<FileSettings, 'format'> {
  const parsed = parsedToml(text);
  if ('problem' in parsed)
    return { settings: [], problems: [problemAt(path, parsed.line, parsed.column, parsed.problem)] };
  const places = new Map(findTomlLines(text).lines.map((line) => [line.key, line]));
  const settings: Setting[] = [];
  walk(parsed.root, [], (steps, value) => {
    const key = printKey(steps);
    const line = places.get(key);
    settings.push({ key, value: spell(value), place: { line: line?.line ?? 1, column: line?.column ?? 1 } });
  });
  return { settings, problems: [] };
}

/** The text with one value replaced, added to a table that is there, or removed with its line; throws a Problem otherwise. */
export function writeTomlSetting(text: string, key: string, value: string | null): string {
  const steps = readKey(key);
  if (!steps) throw fail('invalid-input', `${shown(key)} is not the name of a setting`);
  const { lines, tables } = findTomlLines(text);
  const line = lines.find((one) => one.key === key);
  if (value === null) return line ? withoutLine(text, line) : text;
  if ('problem' in parsedToml(`x = ${value}`) || value.includes('\n'))
    throw fail('invalid-input', `${shown(value)} is not TOML`, {
      hint: `Text stands between quotes: ${JSON.stringify(value)}`,
    });
  if (line) return applyEdits(text, [{ from: line.valueFrom, to: line.valueTo, text: value }]);
  const name = steps.at(-1);
  const table = printKey(steps.slice(0, -1));
  const at = tables.findLast((one) => one.key === table)?.end;
  if (typeof name !== 'string' || at === undefined)
    throw fail('unsupported', `there is no simple table for ${shown(key)} in this file`, {
      hint: 'Edit the text of the file.',
    });
  const made = `${printKey([name])} = ${value}`;
  const end = lineEndOf(text);
  const open = at > 0 && text.charAt(at - 1) !== '\n';
  return applyEdits(text, [{ from: at, to: at, text: open ? end + made : made + end }]);
}

function withoutLine(text: string, { from, to }: TomlLine): string {
  const rest = text.slice(0, from) + text.slice(to);
  return text.endsWith('\n') ? rest : rest.replace(/\r?\n$/, '');
}

function parsedToml(text: string): { root: unknown } | { problem: string; line: number; column: number } {
  try {
    return { root: parse(text, { integersAsBigInt: 'asNeeded', maxDepth: 64 }) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [words = ''] = error.message.split('\n');
    return { problem: words.replace('Invalid TOML document', 'not TOML'), line: error.line, column: error.column };
  }
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

function walk(value: unknown, steps: KeyStep[], found: (steps: KeyStep[], value: unknown) => void): void {
  if (isTable(value)) for (const [name, inner] of Object.entries(value)) walk(inner, [...steps, name], found);
  else if (Array.isArray(value) && value.some(isTable))
    for (const [at, inner] of value.entries()) walk(inner, [...steps, at], found);
  else if (steps.length > 0) found(steps, value);
}

function spell(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spell).join(', ')}]`;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
