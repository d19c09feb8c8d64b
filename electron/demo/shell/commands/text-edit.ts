import type { CommandCall, CommandTable } from '../command.ts';
import { readFlags } from '../flags.ts';
import { formatPrintf } from '../printf.ts';
import { resolvePath } from '../redirect.ts';
import { complain, eachChunk, eachLine, openInputs, put } from './text-input.ts';

/** `a-z`, `[:upper:]` and escapes as single characters. */
function characters(set: string): string[] {
  const named = set
    .replaceAll('[:lower:]', 'a-z')
    .replaceAll('[:upper:]', 'A-Z')
    .replaceAll('[:digit:]', '0-9')
    .replaceAll('[:space:]', ' \\t\\n\\r');
  const plain = Array.from(formatPrintf(named.replaceAll('%', '%%'), []));
  const all: string[] = [];
  for (let at = 0; at < plain.length; at++) {
    const from = plain[at] ?? '';
    const to = plain[at + 1] === '-' ? plain[at + 2] : undefined;
    if (to === undefined) all.push(from);
    else {
      for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) all.push(String.fromCharCode(code));
      at += 2;
    }
  }
  return all;
}

async function tr(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  const [first = '', second = ''] = flags.rest;
  const from = characters(first);
  const to = characters(second);
  const change = new Map(from.map((character, at) => [character, to[Math.min(at, to.length - 1)] ?? '']));
  const squeezed = new Set(flags.has('s') ? (second ? to : from) : []);
  let last = '';
  await eachChunk(call, call.input, (chunk) => {
    let out = '';
    for (const character of chunk) {
      const isIn = change.has(character) !== flags.has('c', 'C');
      if (flags.has('d') && isIn) continue;
      const next =
        flags.has('d') || !isIn
          ? character
          : flags.has('c', 'C')
            ? (to.at(-1) ?? character)
            : change.get(character) || character;
      if (squeezed.has(next) && next === last) continue;
      out += next;
      last = next;
    }
    return put(call, out);
  });
  return 0;
}

/** The commands that people use on one line: s/…/…/, /…/d, /…/p, Nd, Np. */
async function sed(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['e']);
  const rest = [...flags.rest];
  const script = [...flags.values('e')];
  if (script.length === 0) script.push(rest.shift() ?? '');
  const edits = script
    .flatMap((each) => each.split(/;\s*(?=[s/\d$])/))
    .map((text) => readEdit(text.trim(), flags.has('E', 'r')));
  if (edits.includes(null))
    return complain(call, `sed: -e expression #1: this simulated sed knows s///, /…/p, /…/d`, 1);
  for (const { source } of await openInputs(call, rest)) {
    let number = 0;
    await eachLine(call, source, async (original) => {
      number++;
      let line: string | null = original;
      for (const edit of edits) {
        if (!edit || line === null || !edit.fits(line, number)) continue;
        if (edit.kind === 'd') line = null;
        else if (edit.kind === 'p') await put(call, `${line}\n`);
        else line = edit.change(line);
      }
      if (line !== null && !flags.has('n', 'quiet')) await put(call, `${line}\n`);
    });
  }
  return 0;
}

interface Edit {
  readonly kind: 's' | 'd' | 'p';
  fits(line: string, number: number): boolean;
  change(line: string): string;
}

function readEdit(text: string, extended: boolean): Edit | null {
  const found = /^(?:(\d+)(?:,(\d+))?|\/((?:[^/\\]|\\.)*)\/)?\s*(?:([dp])|s(.)(.*))$/.exec(text);
  if (!found) return null;
  const [, from, to, pattern, kind, separator, rest = ''] = found;
  const expression = pattern === undefined ? null : compile(pattern, extended, '');
  const fits = (line: string, number: number) => {
    if (expression) return expression.test(line);
    return from === undefined || (number >= Number(from) && number <= Number(to ?? from));
  };
  if (kind === 'd' || kind === 'p') return { kind, fits, change: (line) => line };
  const [search = '', replacement = '', options = ''] = rest.split(separator ?? '/');
  const what = compile(search, extended, options.replace(/[^gi]/g, ''));
  const by = replacement
    .replaceAll('$', '$$$$')
    .replace(/\\(\d)/g, '$$$1')
    .replace(/(?<!\\)&/g, '$$&');
  return what ? { kind: 's', fits, change: (line) => line.replace(what, by) } : null;
}

function compile(pattern: string, extended: boolean, flags: string): RegExp | null {
  const source = extended
    ? pattern
    : pattern.replace(/\\([+?(){}|])|([+?(){}|])/g, (_, a?: string, b?: string) => a ?? `\\${b}`);
  try {
    return new RegExp(source, flags);
  } catch {
    return null;
  }
}

/** `{print $1, $NF}` with an optional /pattern/ or NR== before it, the use people make of awk on one line. */
async function awk(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['F', 'v']);
  const [program = '', ...paths] = flags.rest;
  const found = /^\s*(?:\/((?:[^/\\]|\\.)*)\/|NR\s*(==|>|>=|<|<=)\s*(\d+))?\s*(?:\{\s*print\b([^}]*)\})?\s*$/.exec(
    program,
  );
  if (!found || program.trim() === '')
    return complain(call, 'awk: this simulated awk knows /…/ and {print $1, $NF}', 2);
  const [, pattern, comparison, number, printed = ''] = found;
  const fits = pattern === undefined ? null : compile(pattern, true, '');
  const separator = flags.value('F');
  const terms = printed.split(',').map((term) => term.trim());
  let row = 0;
  for (const { source } of await openInputs(call, paths)) {
    await eachLine(call, source, async (line) => {
      row++;
      if (fits && !fits.test(line)) return;
      if (comparison && !compare(row, comparison, Number(number))) return;
      const fields = separator === undefined || separator === ' ' ? line.trim().split(/\s+/) : line.split(separator);
      const valueOf = (piece: string) => {
        if (piece.startsWith('"')) return piece.slice(1, -1);
        if (piece === '$NF') return fields.at(-1) ?? '';
        if (piece === 'NR') return String(row);
        if (piece === 'NF') return String(fields.length);
        if (piece === '$0') return line;
        return fields[Number(piece.slice(1)) - 1] ?? '';
      };
      const shown = terms.map((term) => (term.match(/"[^"]*"|\$NF|\$\d+|NR|NF/g) ?? []).map(valueOf).join(''));
      await put(call, `${printed.trim() === '' ? line : shown.join(' ')}\n`);
    });
  }
  return 0;
}

function compare(row: number, sign: string, number: number): boolean {
  if (sign === '==') return row === number;
  return sign.startsWith('>')
    ? row > number || (sign === '>=' && row === number)
    : row < number || (sign === '<=' && row === number);
}

async function tee(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  let text = '';
  await eachChunk(call, call.input, (chunk) => {
    text += chunk;
    return put(call, chunk);
  });
  for (const path of flags.rest) {
    const full = resolvePath('/home/core', path);
    const before = flags.has('a') ? call.host.files.read(full, call.user) : '';
    const problem = call.host.files.write(full, (typeof before === 'string' ? before : '') + text, call.user);
    if (problem) return complain(call, `tee: ${path}: ${problem}`);
  }
  return 0;
}

async function xargs(call: CommandCall): Promise<number> {
  const at = call.words.findIndex(
    (word, index) => !word.startsWith('-') && !/^-[nIPLd]$/.test(call.words[index - 1] ?? ''),
  );
  const flags = readFlags(at < 0 ? call.words : call.words.slice(0, at), ['n', 'I', 'P', 'L', 'd']);
  const command = at < 0 ? ['echo'] : call.words.slice(at);
  const words: string[] = [];
  await eachLine(
    call,
    call.input,
    (line) => void words.push(...(flags.has('I') ? [line] : line.split(/\s+/).filter((word) => word !== ''))),
  );
  const place = flags.value('I');
  const each = Number(flags.value('n', 'L') ?? (place ? 1 : 5000));
  let status = 0;
  for (let from = 0; from < words.length; from += each) {
    const some = words.slice(from, from + each);
    const full = place ? command.map((word) => word.replaceAll(place, some[0] ?? '')) : [...command, ...some];
    if ((await call.run(full)) !== 0) status = 123;
  }
  return status;
}

async function seq(call: CommandCall): Promise<number> {
  const numbers = call.words.map(Number);
  const [first = 1, step = 1, last = 1] =
    numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers;
  if (step === 0 || numbers.some(Number.isNaN)) return complain(call, `seq: invalid argument`);
  let piece = '';
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) {
    piece += `${value}\n`;
    if (piece.length < 16_384) continue;
    await put(call, piece);
    await call.process.step();
    piece = '';
  }
  await put(call, piece);
  return 0;
}

async function yes(call: CommandCall): Promise<number> {
  const piece = `${call.words.join(' ') || 'y'}\n`.repeat(1024);
  for (;;) {
    await put(call, piece);
    await call.process.step();
  }
}

const base: CommandTable[string] = async (call) => {
  const [path = '', suffix = ''] = call.words;
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  await put(call, `${suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`);
  return 0;
};

const folder: CommandTable[string] = async (call) => {
  const steps = (call.words[0] ?? '').replace(/\/+$/, '').split('/').slice(0, -1);
  await put(call, `${steps.join('/') || (call.words[0]?.startsWith('/') ? '/' : '.')}\n`);
  return 0;
};

/** Commands that change text on its way. */
export const textEditCommands: CommandTable = {
  tr,
  sed,
  awk,
  gawk: awk,
  tee,
  xargs,
  seq,
  yes,
  basename: base,
  dirname: folder,
};
