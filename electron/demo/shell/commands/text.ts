import type { CommandCall, CommandTable } from '../command.ts';
import { readFlags } from '../flags.ts';
import { complain, eachChunk, eachLine, openInputs, put } from './text-input.ts';

async function cat(call: CommandCall): Promise<number> {
  const { rest } = readFlags(call.words);
  const inputs = await openInputs(call, rest);
  for (const { source } of inputs) await eachChunk(call, source, (chunk) => put(call, chunk));
  return inputs.length < rest.length ? 1 : 0;
}

/** `head -5` is `head -n 5`. */
function withCount(words: readonly string[]): string[] {
  return words.flatMap((word) => (/^-\d+$/.test(word) ? ['-n', word.slice(1)] : [word]));
}

async function head(call: CommandCall): Promise<number> {
  const flags = readFlags(withCount(call.words), ['n', 'c', 'lines', 'bytes']);
  const bytes = flags.value('c', 'bytes');
  const inputs = await openInputs(call, flags.rest);
  for (const { source } of inputs) {
    let left = Number(bytes ?? flags.value('n', 'lines') ?? 10);
    if (left > 0 && bytes !== undefined) {
      await eachChunk(call, source, async (chunk) => {
        const taken = Buffer.from(chunk).subarray(0, left);
        await put(call, taken.toString());
        left -= taken.length;
        return left > 0;
      });
    } else if (left > 0) {
      await eachLine(call, source, async (line) => {
        await put(call, `${line}\n`);
        return --left > 0;
      });
    }
    source.close();
  }
  return inputs.length < flags.rest.length ? 1 : 0;
}

async function tail(call: CommandCall): Promise<number> {
  const flags = readFlags(withCount(call.words), ['n', 'lines', 'c', 'bytes']);
  const count = flags.value('n', 'lines') ?? '10';
  const bytes = flags.value('c', 'bytes');
  const inputs = await openInputs(call, flags.rest);
  for (const { source } of inputs) {
    if (bytes !== undefined) {
      let end = '';
      await eachChunk(call, source, (chunk) => void (end = (end + chunk).slice(-Number(bytes))));
      await put(call, end);
      continue;
    }
    const lines: string[] = [];
    const fromStart = count.startsWith('+');
    const most = fromStart ? Number.POSITIVE_INFINITY : Number(count.replace('-', ''));
    await eachLine(call, source, (line) => {
      lines.push(line);
      if (lines.length > most * 2 + 100) lines.splice(0, lines.length - most);
    });
    const shown = fromStart ? lines.slice(Number(count) - 1) : lines.slice(Math.max(0, lines.length - most));
    if (shown.length > 0 && most > 0) await put(call, `${shown.join('\n')}\n`);
  }
  return inputs.length < flags.rest.length ? 1 : 0;
}

async function wc(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  for (const { name, source } of await openInputs(call, flags.rest)) {
    let lines = 0;
    let words = 0;
    let bytes = 0;
    await eachLine(call, source, (line) => {
      lines++;
      words += line.split(/\s+/).filter((word) => word !== '').length;
      bytes += Buffer.byteLength(line) + 1;
    });
    const all = !flags.has('l', 'w', 'c', 'm');
    const wanted = [
      ...(all || flags.has('l') ? [lines] : []),
      ...(all || flags.has('w') ? [words] : []),
      ...(all || flags.has('c', 'm') ? [bytes] : []),
    ];
    const row = wanted.length > 1 ? wanted.map((each) => String(each).padStart(7)).join(' ') : String(wanted[0]);
    await put(call, `${row}${name ? ` ${name}` : ''}\n`);
  }
  return 0;
}

async function grep(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['e', 'm', 'A', 'B', 'C', 'max-count', 'regexp']);
  const patterns = [...flags.values('e', 'regexp')];
  const rest = [...flags.rest];
  if (patterns.length === 0) patterns.push(rest.shift() ?? '');
  const isFixed = flags.has('F', 'fixed-strings') || call.name === 'fgrep';
  const isExtended = flags.has('E', 'P', 'extended-regexp') || call.name === 'egrep';
  const sources = patterns
    .flatMap((pattern) => pattern.split('\n'))
    .map((each) => {
      const source = isFixed ? each.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : isExtended ? each : basicPattern(each);
      return flags.has('w') ? `\\b(?:${source})\\b` : flags.has('x') ? `^(?:${source})$` : source;
    });
  let expression: RegExp;
  try {
    expression = new RegExp(sources.join('|'), flags.has('i', 'ignore-case') ? 'gi' : 'g');
  } catch {
    return complain(call, `grep: Invalid regular expression`, 2);
  }
  const inputs = await openInputs(call, rest);
  const most = Number(flags.value('m', 'max-count') ?? Number.POSITIVE_INFINITY);
  let found = 0;
  for (const { name, source } of inputs) {
    const prefix = inputs.length > 1 && !flags.has('h') ? `${name}:` : '';
    let here = 0;
    let number = 0;
    await eachLine(call, source, async (line) => {
      number++;
      expression.lastIndex = 0;
      if (expression.test(line) === flags.has('v', 'invert-match')) return true;
      found++;
      here++;
      if (flags.has('q', 'quiet')) return false;
      if (flags.has('o') && !flags.has('c'))
        for (const [match] of line.matchAll(expression)) await put(call, `${prefix}${match}\n`);
      else if (!flags.has('c', 'l')) await put(call, `${prefix}${flags.has('n') ? `${number}:` : ''}${line}\n`);
      return here < most;
    });
    if (flags.has('c')) await put(call, `${prefix}${here}\n`);
    if (flags.has('l') && here > 0) await put(call, `${name || '(standard input)'}\n`);
    source.close();
  }
  if (inputs.length < rest.length && found === 0) return 2;
  return found > 0 ? 0 : 1;
}

/** A basic regular expression, in which the signs of groups and counts are plain unless escaped. */
function basicPattern(pattern: string): string {
  return pattern.replace(/\\([+?(){}|])|([+?(){}|])/g, (_, escaped?: string, bare?: string) => escaped ?? `\\${bare}`);
}

async function sort(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['k', 't', 'o']);
  const lines: string[] = [];
  const inputs = await openInputs(call, flags.rest);
  for (const { source } of inputs) await eachLine(call, source, (line) => void lines.push(line));
  const key = Number.parseInt(flags.value('k') ?? '0', 10);
  const numeric = flags.has('n', 'h', 'g') || /^\d+(?:,\d+)?[^,]*n/.test(flags.value('k') ?? '');
  const separator = flags.value('t') ?? /\s+/;
  const keyOf = (line: string) =>
    key > 0
      ? line
          .trimStart()
          .split(separator)
          .slice(key - 1)
          .join(' ')
      : line;
  const compare = (a: string, b: string) => {
    const [x, y] = [keyOf(a), keyOf(b)];
    if (numeric) return (Number.parseFloat(x) || 0) - (Number.parseFloat(y) || 0) || (a < b ? -1 : 1);
    return x < y ? -1 : x > y ? 1 : 0;
  };
  lines.sort(compare);
  if (flags.has('r')) lines.reverse();
  const shown = flags.has('u') ? lines.filter((line, at) => at === 0 || line !== lines[at - 1]) : lines;
  if (shown.length > 0) await put(call, `${shown.join('\n')}\n`);
  return inputs.length < flags.rest.length ? 2 : 0;
}

async function uniq(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  let last: string | null = null;
  let count = 0;
  const tell = async () => {
    if (last === null || (flags.has('d') && count < 2) || (flags.has('u') && count > 1)) return;
    await put(call, flags.has('c') ? `${String(count).padStart(7)} ${last}\n` : `${last}\n`);
  };
  for (const { source } of await openInputs(call, flags.rest)) {
    await eachLine(call, source, async (line) => {
      if (line === last) count++;
      else {
        await tell();
        last = line;
        count = 1;
      }
    });
  }
  await tell();
  return 0;
}

async function cut(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['d', 'f', 'c', 'b', 'delimiter', 'fields', 'output-delimiter']);
  const fields = flags.value('f', 'fields');
  const ranges = (fields ?? flags.value('c', 'b') ?? '').split(',').map((range) => {
    const [from = '', to] = range.split('-');
    return [Number(from) || 1, to === undefined ? Number(from) : Number(to) || Number.POSITIVE_INFINITY] as const;
  });
  const delimiter = flags.value('d', 'delimiter') ?? '\t';
  const wanted = <T>(items: readonly T[]) =>
    items.filter((_, at) => ranges.some(([from, to]) => at + 1 >= from && at < to));
  for (const { source } of await openInputs(call, flags.rest)) {
    await eachLine(call, source, async (line) => {
      if (fields === undefined) await put(call, `${wanted(Array.from(line)).join('')}\n`);
      else if (line.includes(delimiter)) await put(call, `${wanted(line.split(delimiter)).join(delimiter)}\n`);
      else if (!flags.has('s')) await put(call, `${line}\n`);
    });
  }
  return 0;
}

/** Commands that work on lines of text. */
export const textCommands: CommandTable = { cat, head, tail, wc, grep, egrep: grep, fgrep: grep, sort, uniq, cut };
