import { evaluate } from './arithmetic.ts';
import { escapePattern, patternExpression, strip } from './pattern.ts';
import type { ShellState } from './state.ts';
import { type List, type Part, SyntaxProblem, type Word } from './syntax.ts';

/** Runs commands and answers what they wrote, for `$(…)`. */
export type Substitute = (list: List) => Promise<string>;

interface Field {
  text: string;
  /** The same with quoted characters escaped, to be matched against file names. */
  pattern: string;
  quoted: boolean;
  wild: boolean;
}

/** The value of one part, as one text. */
async function valueOf(
  part: Exclude<Part, { kind: 'text' }>,
  state: ShellState,
  substitute: Substitute,
): Promise<string> {
  switch (part.kind) {
    case 'command':
      return (await substitute(part.list)).replace(/\n+$/, '');
    case 'arithmetic': {
      const expression = await expandText(part.expression, state, substitute);
      return String(evaluate(expression, (name) => state.parameter(name) ?? ''));
    }
    case 'variable':
      return parameterValue(part, state, substitute);
    default:
      return part satisfies never;
  }
}

async function parameterValue(
  part: Extract<Part, { kind: 'variable' }>,
  state: ShellState,
  substitute: Substitute,
): Promise<string> {
  const { name, operator, argument } = part;
  const value = state.parameter(name);
  if (operator === '') return value ?? '';
  if (operator === '#n') return String((value ?? '').length);
  if (operator === '#' || operator === '##' || operator === '%' || operator === '%%') {
    return strip(value ?? '', await expandPattern(argument ?? [], state, substitute), operator);
  }
  const isMissing = operator.startsWith(':') ? !value : value === null;
  const other = () => expandText(argument ?? [], state, substitute);
  switch (operator.at(-1)) {
    case '+':
      return isMissing ? '' : other();
    case '=':
      if (isMissing) state.variables.set(name, await other());
      return state.parameter(name) ?? '';
    case '?':
      if (isMissing) throw new SyntaxProblem(`${name}: ${(await other()) || 'parameter not set'}`);
      return value ?? '';
    default:
      return isMissing ? other() : (value ?? '');
  }
}

/** A word as one text, neither split nor matched. */
export async function expandText(word: Word, state: ShellState, substitute: Substitute): Promise<string> {
  let text = '';
  for (const [at, part] of word.entries()) {
    if (part.kind !== 'text') text += await valueOf(part, state, substitute);
    else text += at === 0 && !part.quoted ? withHome(part.text, state) : part.text;
  }
  return text;
}

/** A word as a pattern: what was quoted stands for itself. */
export async function expandPattern(word: Word, state: ShellState, substitute: Substitute): Promise<string> {
  let pattern = '';
  for (const part of word) {
    const text = part.kind === 'text' ? part.text : await valueOf(part, state, substitute);
    pattern += part.quoted ? escapePattern(text) : text;
  }
  return pattern;
}

/** Words as the fields they become: split where unquoted, and matched against the host's files. */
export async function expandFields(
  words: readonly Word[],
  state: ShellState,
  substitute: Substitute,
): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    const [only] = word;
    // Most words are plain.
    if (word.length === 1 && only?.kind === 'text' && (only.quoted || !/[*?[~]/.test(only.text)))
      fields.push(only.text);
    else for (const field of await split(word, state, substitute)) fields.push(...matched(field, state));
  }
  return fields;
}

/** Words without anything that takes time or looks at files, as fields; null when one needs more than that. */
export function plainFields(words: readonly Word[], state: ShellState): string[] | null {
  const fields: string[] = [];
  for (const word of words) {
    let field = '';
    for (const [at, part] of word.entries()) {
      if (part.kind === 'text') {
        if (!part.quoted && /[*?[]|^~/.test(part.text) && (part.text !== '[' || word.length > 1)) return null;
        field += part.text;
      } else if (part.kind === 'variable' && part.operator === '' && part.name !== '@' && part.name !== '*') {
        const value = state.parameter(part.name) ?? '';
        if (!part.quoted && (value === '' || /[\s*?[]/.test(value) || at > 0)) return null;
        field += value;
      } else return null;
    }
    fields.push(field);
  }
  return fields;
}

async function split(word: Word, state: ShellState, substitute: Substitute): Promise<Field[]> {
  const fields: Field[] = [];
  let present: Field | null = null;
  const add = (text: string, quoted: boolean) => {
    present ??= { text: '', pattern: '', quoted: false, wild: false };
    present.text += text;
    present.pattern += quoted ? escapePattern(text) : text;
    present.quoted ||= quoted;
    present.wild ||= !quoted && /[*?[]/.test(text);
  };
  const cut = () => {
    if (present) fields.push(present);
    present = null;
  };
  for (const [at, part] of word.entries()) {
    if (part.kind === 'text') {
      add(at === 0 && !part.quoted ? withHome(part.text, state) : part.text, part.quoted);
    } else if (part.kind === 'variable' && part.name === '@' && part.quoted && part.operator === '') {
      for (const [index, each] of state.words.entries()) {
        if (index > 0) cut();
        add(each, true);
      }
    } else {
      const value = await valueOf(part, state, substitute);
      if (part.quoted) add(value, true);
      else splitValue(value, state.parameter('IFS') ?? ' \t\n', add, cut);
    }
  }
  cut();
  // "$@" without words is no field; a quoted nothing is one.
  return fields.filter((field) => field.text !== '' || (field.quoted && !isOnlyWords(word)));
}

function isOnlyWords(word: Word): boolean {
  return word.every(
    (part) => (part.kind === 'variable' && part.name === '@') || (part.kind === 'text' && part.text === ''),
  );
}

function splitValue(value: string, separators: string, add: (text: string, quoted: boolean) => void, cut: () => void) {
  let piece = '';
  for (const character of value) {
    if (!separators.includes(character)) piece += character;
    else {
      if (piece !== '') add(piece, false);
      piece = '';
      cut();
    }
  }
  if (piece !== '') add(piece, false);
}

function withHome(text: string, state: ShellState): string {
  return /^~(?:\/|$)/.test(text) ? (state.parameter('HOME') ?? '') + text.slice(1) : text;
}

/** The paths that fit a field; the field itself when it is no pattern or none fits. */
function matched(field: Field, state: ShellState): string[] {
  if (!field.wild) return [field.text];
  const { files } = state.host;
  const wantsFolder = field.pattern.endsWith('/');
  const steps = field.pattern.split('/').filter((step) => step !== '');
  let paths = [field.pattern.startsWith('/') ? '' : state.directory.replace(/\/$/, '')];
  for (const step of steps) {
    const fits = patternExpression(step);
    paths = paths.flatMap((path) =>
      (files.list(path || '/') ?? [])
        .filter((name) => fits.test(name) && (!name.startsWith('.') || step.startsWith('.')))
        .map((name) => `${path}/${name}`),
    );
  }
  if (wantsFolder) paths = paths.filter((path) => files.list(path) !== null).map((path) => `${path}/`);
  if (paths.length === 0) return [field.text];
  const base = `${state.directory.replace(/\/$/, '')}/`;
  const shown = field.pattern.startsWith('/') ? paths : paths.map((path) => path.slice(base.length));
  return shown.sort();
}
