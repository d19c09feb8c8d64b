import { type KeyStep, printKey } from './key-path.ts';

/** A line `key = value` whose value ends in the same line. */
export interface TomlLine {
  readonly key: string;
  readonly line: number;
  readonly column: number;
  readonly from: number;
  readonly to: number;
  readonly valueFrom: number;
  readonly valueTo: number;
}

/** A table, by its key; `end` is where a line is added to it. */
interface TomlTable {
  readonly key: string;
  end: number;
}

const header = /^[ \t]*(\[\[?)[ \t]*((?:[\w-]+|"[^"\\\n]*")(?:\.(?:[\w-]+|"[^"\\\n]*"))*)[ \t]*\]\]?[ \t]*(?:#.*)?$/;
const assignment = /^([ \t]*)((?:[\w-]+|"[^"\\\n]*")(?:\.(?:[\w-]+|"[^"\\\n]*"))*)([ \t]*=[ \t]*)(?=\S)/;

/** Finds the lines and tables of a TOML text that are simple enough to be edited line by line; values over several lines are passed over. */
export function findTomlLines(text: string): { lines: TomlLine[]; tables: TomlTable[] } {
  const lines: TomlLine[] = [];
  let table: TomlTable & { steps: KeyStep[] } = { key: '', steps: [], end: 0 };
  const tables = [table];
  const counts = new Map<string, number>();
  let number = 0;
  for (let from = 0, to = 0; from < text.length; from = to) {
    number += 1;
    to = after(text, from);
    const line = text.slice(from, to).replace(/\r?\n$/, '');
    const began = header.exec(line.length > 2000 ? '' : line);
    if (began) {
      const steps: KeyStep[] = placed(namesOf(began[2] ?? ''), counts);
      if (began[1] === '[[') {
        const key = printKey(steps);
        const at = (counts.get(key) ?? -1) + 1;
        counts.set(key, at);
        steps.push(at);
      }
      table = { key: printKey(steps), steps, end: to };
      tables.push(table);
      continue;
    }
    const found = assignment.exec(line.slice(0, 1000));
    if (!found) continue;
    const [lead = '', indent = '', names = ''] = found;
    const valueFrom = from + lead.length;
    const valueTo = endOfValue(text, valueFrom);
    if (valueTo > from + line.length) {
      for (; to < valueTo; to = after(text, to)) number += 1;
    } else {
      const key = printKey([...table.steps, ...namesOf(names)]);
      lines.push({ key, line: number, column: indent.length + 1, from, to, valueFrom, valueTo });
    }
    table.end = to;
  }
  return { lines, tables };
}

function namesOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|[\w-]+/g)].map(([word, quoted]) => quoted ?? word);
}

/** A table below one in a list is below the last of that list. */
function placed(names: readonly string[], counts: ReadonlyMap<string, number>): KeyStep[] {
  const steps: KeyStep[] = [];
  for (const [index, name] of names.entries()) {
    steps.push(name);
    const at = counts.get(printKey(steps));
    if (at !== undefined && index < names.length - 1) steps.push(at);
  }
  return steps;
}

function after(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at + 1;
}

/** Where a value ends: behind its brackets and quotes, before a comment or the line end. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let end = from;
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"' || char === "'") {
      at = endOfText(text, at, char) - 1;
      end = at + 1;
    } else if (char === '#') {
      if (depth === 0) return end;
      const next = text.indexOf('\n', at);
      if (next === -1) return text.length;
      at = next - 1;
    } else if (char === '\n') {
      if (depth === 0) return end;
    } else if (char !== ' ' && char !== '\t' && char !== '\r') {
      if (char === '[' || char === '{') depth += 1;
      if (char === ']' || char === '}') depth -= 1;
      end = at + 1;
    }
  }
  return end;
}

function endOfText(text: string, from: number, quote: string): number {
  const long = text.startsWith(quote.repeat(3), from);
  const close = long ? quote.repeat(3) : quote;
  for (let at = from + close.length; at < text.length; at++) {
    if (text.charAt(at) === '\\' && quote === '"') at++;
    else if (text.charAt(at) === '\n' && !long) return at;
    else if (text.startsWith(close, at)) {
      if (!long) return at + 1;
      let end = at + close.length;
      while (text.charAt(end) === quote) end += 1;
      return end;
    }
  }
  return text.length;
}
