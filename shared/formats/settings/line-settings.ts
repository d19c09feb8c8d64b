import { fail } from '../../contract/problem.ts';
import { problemAt, shown } from '../text-problem.ts';
import { applyEdits, type Edit, lineEndOf } from './edits.ts';
import { type Entry, type LineDialect, type LineText, readLines } from './line-text.ts';
import type { FileSettings } from './settings.ts';

/** The settings of a file whose lines are assignments, in the order in which they are first named. */
export function readLineSettings(dialect: LineDialect, path: string, text: string): Omit<FileSettings, 'format'> {
  const { entries, strays } = readLines(dialect, text);
  const settings = [...byKey(entries)].map(([key, all]) => {
    const counted = effective(dialect, key, all);
    const [first = all[0]] = counted;
    const place = { line: first?.line ?? 1, column: first?.column ?? 1 };
    const value = counted.map((entry) => entry.value).join('\n');
    return { key, value, place, ...(all.length > 1 ? { repeated: all.length } : {}) };
  });
  const problems = strays.map(({ line, text: stray }) =>
    problemAt(path, line, 1, `${shown(stray)} is not a setting and is passed over`),
  );
  return { settings, problems };
}

/** The text with one setting changed; throws a Problem where the value cannot be written. */
export function writeLineSetting(dialect: LineDialect, text: string, key: string, value: string | null): string {
  const read = readLines(dialect, text);
  const all = read.entries.filter((entry) => entry.key === key);
  if (value === null) return keepEnd(text, applyEdits(text, all.map(removal)));
  const list = dialect.repeats(key) === 'all';
  const values = list ? value.split('\n') : [value];
  if (!list && value.includes('\n')) throw fail('invalid-input', `${shown(key)} takes one line`);
  if (all.length === 0) return added(dialect, read, text, key, values);
  const counted = effective(dialect, key, all);
  const edits: Edit[] = [];
  // What stands before the assignment that empties a list says nothing, until that one is taken away.
  if (list && values[0] !== '') edits.push(...all.filter((entry) => !counted.includes(entry)).map(removal));
  for (const [at, entry] of counted.entries()) {
    const wanted = values[at];
    if (wanted === undefined) edits.push(removal(entry));
    else if (wanted !== entry.value)
      edits.push({ from: entry.valueFrom, to: entry.valueTo, text: raw(dialect, key, wanted, entry.raw) });
  }
  const last = counted.at(-1);
  if (last && values.length > counted.length) {
    const before = text.slice(last.from, last.valueFrom);
    const more = values.slice(counted.length).map((one) => before + raw(dialect, key, one, null));
    edits.push(insertion(text, last.to, more));
  }
  return keepEnd(text, applyEdits(text, edits));
}

function added(dialect: LineDialect, read: LineText, text: string, key: string, values: readonly string[]): string {
  const { section, name } = dialect.splitKey(key);
  if (!dialect.isName(name)) throw fail('invalid-input', `${shown(name)} cannot be the name of a setting`);
  const known = read.sections.findLast((one) => one.label === section);
  const like = read.entries.findLast((entry) => known !== undefined && entry.section === known) ?? read.entries.at(-1);
  const between = like === undefined || like.between.length > 3 ? dialect.between : like.between;
  const indent = like?.section === known ? (like?.indent ?? '') : dialect.indent(section);
  const lines = values.map((one) => indent + name + between + raw(dialect, key, one, null));
  if (known) return applyEdits(text, [insertion(text, known.end, lines)]);
  const begun = sectionName(dialect, read, section);
  const header = begun === null ? null : dialect.header(begun);
  if (header === null) throw fail('invalid-input', `there is no place for ${shown(key)} in this file`);
  const gap = text === '' || /\n\r?\n$/.test(text.slice(-4)) ? [] : [''];
  return applyEdits(text, [insertion(text, text.length, [...gap, header, ...lines])]);
}

/** The name in the header of a section that is not there yet; null when it would get another number. */
function sectionName(dialect: LineDialect, { sections }: LineText, label: string): string | null {
  const [, name = '', number] = /^(.*)\[(\d{1,4})\]$/.exec(label) ?? [];
  if (!dialect.numbers || number === undefined) return label;
  const before = sections.filter((one) => one.label === name || one.label.startsWith(`${name}[`)).length;
  return before + 1 === Number(number) ? name : null;
}

function raw(dialect: LineDialect, key: string, value: string, was: string | null): string {
  const made = /[\0\r\n]/.test(value) ? null : dialect.encode(value, was);
  if (made === null) throw fail('invalid-input', `${shown(key)} cannot be ${shown(value)} in this kind of file`);
  return made;
}

const removal = ({ from, to }: Entry): Edit => ({ from, to, text: '' });

/** New lines at a place where a line begins, or at the end of a text that may lack its last line end. */
function insertion(text: string, at: number, lines: readonly string[]): Edit {
  const end = lineEndOf(text);
  const open = at > 0 && !text.slice(0, at).endsWith('\n');
  return { from: at, to: at, text: open ? end + lines.join(end) : lines.map((line) => line + end).join('') };
}

/** A text without a line end after its last line stays one. */
function keepEnd(was: string, is: string): string {
  return was === '' || was.endsWith('\n') ? is : is.replace(/\r?\n$/, '');
}

function byKey(entries: readonly Entry[]): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    const same = found.get(entry.key);
    if (same) same.push(entry);
    else found.set(entry.key, [entry]);
  }
  return found;
}

/** The assignments that count: the first, the last, or all since the list was last emptied. */
function effective(dialect: LineDialect, key: string, all: readonly Entry[]): readonly Entry[] {
  switch (dialect.repeats(key)) {
    case 'first':
      return all.slice(0, 1);
    case 'last':
      return all.slice(-1);
    default:
      return all.slice(
        Math.max(
          0,
          all.findLastIndex(({ value }) => value === ''),
        ),
      );
  }
}
