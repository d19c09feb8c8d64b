import { closest } from '../closest.ts';
import { fieldNames, fieldOf, numberFields, textFields, unitStates } from './fields.ts';
import type { FilterCondition, FilterError, FilterTerm, FilterTree, Operator } from './filter-tree.ts';
import { measureExamples, readFigure } from './measures.ts';
import { isBlank, readPiece } from './scan.ts';

const maxTerms = 50;

/** What a term comes to, with where it ends. */
type Read = { readonly to: number } & (
  | { readonly condition: FilterCondition }
  | { readonly message: string; readonly hint: string }
);

/** Reads a filter text; never throws. Every character belongs to a term, an error or the blanks between. */
export function parseFilter(text: string): FilterTree {
  const terms: FilterTerm[] = [];
  const errors: FilterError[] = [];
  let at = 0;
  while (at < text.length) {
    if (isBlank(text.charAt(at))) {
      at++;
      continue;
    }
    const from = at;
    const negated = text[at] === '-' && at + 1 < text.length && !isBlank(text.charAt(at + 1));
    const read = readTerm(text, negated ? at + 1 : at);
    at = read.to;
    if ('message' in read) errors.push({ message: read.message, hint: read.hint, from, to: at });
    else if (terms.length >= maxTerms)
      errors.push({ message: `More than ${maxTerms} terms`, hint: 'Use fewer; this one does not count', from, to: at });
    else terms.push({ negated, condition: read.condition, from, to: at });
  }
  return { terms, errors };
}

function readTerm(text: string, from: number): Read {
  const head = /^([A-Za-z]+)(:|>=|<=|>|<|=)/.exec(text.slice(from, from + 40));
  if (!head) return readWord(text, from);
  const name = head[1] ?? '';
  const sign = head[2] ?? '';
  const start = from + head[0].length;
  const field = fieldOf(name);
  if (field === null) return unknownField(text, from, start, name, sign);
  if (field.kind === 'number') return readNumber(text, start, field.field, sign);
  if (sign !== ':' && sign !== '=')
    return wrong(text, start, `Only figures can be compared, and ${name} is none`, `Write ${name}:value`);
  if (field.kind === 'label') return readLabel(text, start);
  if (field.kind === 'unit') return readUnit(text, start);
  return readText(text, start, field.field);
}

function readWord(text: string, from: number): Read {
  const piece = readPiece(text, from, '');
  if (!piece.closed) return unclosed(text);
  if (piece.text === '')
    return { to: piece.to, message: 'There is nothing in these quotes', hint: 'Write a word, or remove them' };
  return { to: piece.to, condition: { kind: 'word', text: piece.text } };
}

function readText(text: string, start: number, field: keyof typeof textFields): Read {
  const { values, to, problem } = readValues(text, start);
  if (problem) return { to, ...problem };
  const allowed: readonly string[] | null = textFields[field].values;
  if (values.length === 0)
    return { to, message: `A value is missing for ${field}`, hint: `Write ${field}:${allowed?.[0] ?? 'value'}` };
  const lower = values.map((value) => (allowed ? value.toLowerCase() : value));
  const unknown = allowed === null ? undefined : lower.find((value) => !allowed.includes(value) && !/[*?]/.test(value));
  if (unknown !== undefined) {
    const near = closest(unknown, allowed ?? []);
    return {
      to,
      message: `There is no ${field} ${JSON.stringify(unknown)}`,
      hint: near === null ? `It is one of ${allowed?.join(', ')}` : `Did you mean ${field}:${near}?`,
    };
  }
  return { to, condition: { kind: 'text', field, values: lower } };
}

function readLabel(text: string, start: number): Read {
  const key = readPiece(text, start, '=');
  if (!key.closed) return unclosed(text);
  if (key.text === '') return wrong(text, start, 'A label is missing', 'Write label:role=web, or label:role');
  if (text[key.to] !== '=') return { to: key.to, condition: { kind: 'label', key: key.text, values: null } };
  const { values, to, problem } = readValues(text, key.to + 1);
  if (problem) return { to, ...problem };
  if (values.length === 0)
    return { to, message: `A value is missing for label:${key.text}`, hint: `Write a value, or label:${key.text}=""` };
  return { to, condition: { kind: 'label', key: key.text, values } };
}

function readUnit(text: string, start: number): Read {
  const name = readPiece(text, start, '=');
  if (!name.closed) return unclosed(text);
  if (name.text === '') return wrong(text, start, 'A unit is missing', 'Write unit:docker.service=failed');
  if (text[name.to] !== '=') return { to: name.to, condition: { kind: 'unit', name: name.text, states: null } };
  const { values, to, problem } = readValues(text, name.to + 1);
  if (problem) return { to, ...problem };
  if (values.length === 0)
    return { to, message: `A state is missing for unit:${name.text}`, hint: `Write unit:${name.text}=failed` };
  const states = values.map((value) => value.toLowerCase());
  const unknown = states.find((state) => !(unitStates as readonly string[]).includes(state));
  if (unknown !== undefined)
    return {
      to,
      message: `The fleet does not know which units are ${JSON.stringify(unknown)}`,
      hint: `It knows of ${unitStates.join(', ')}; open a host for all its units`,
    };
  return { to, condition: { kind: 'unit', name: name.text, states } };
}

function readNumber(text: string, start: number, field: keyof typeof numberFields, sign: string): Read {
  const { measure } = numberFields[field];
  // cpu:>80 is what fingers write that are used to colons.
  const after = sign === ':' ? (/^(>=|<=|>|<|=)/.exec(text.slice(start, start + 2))?.[0] ?? '') : '';
  const piece = readPiece(text, start + after.length, '');
  const operator = (sign === ':' ? after : sign) as Operator | '';
  const value = piece.closed ? readFigure(piece.text, measure) : null;
  if (value === null)
    return {
      to: piece.to,
      message: `Compare ${field} with ${measureExamples[measure]}`,
      hint: `Write ${field}>${exampleFigure(measure)}`,
    };
  if (operator === '')
    return {
      to: piece.to,
      message: `A sign is missing after ${field}: >, <, >=, <= or =`,
      hint: `Write ${field}>${piece.text}`,
    };
  return { to: piece.to, condition: { kind: 'number', field, operator, value } };
}

function exampleFigure(measure: keyof typeof measureExamples): string {
  return { percent: '80', count: '4', seconds: '10s', milliseconds: '250ms' }[measure];
}

/** Values parted by commas; none when there is no text at all. */
function readValues(
  text: string,
  start: number,
): { values: string[]; to: number; problem: { message: string; hint: string } | null } {
  const values: string[] = [];
  let at = start;
  for (;;) {
    const piece = readPiece(text, at, ',');
    if (!piece.closed)
      return { values, to: text.length, problem: { message: 'A quote is not closed', hint: 'End it with another "' } };
    if (piece.text !== '' || piece.quoted) values.push(piece.text);
    if (text[piece.to] !== ',') return { values, to: piece.to, problem: null };
    at = piece.to + 1;
  }
}

function unknownField(text: string, from: number, start: number, name: string, sign: string): Read {
  const { to } = readPiece(text, start, '');
  const near = closest(name, fieldNames);
  const rest = text.slice(start, to);
  let hint = `Known are ${fieldNames.join(', ')}; put it in quotes to look for the text itself`;
  if (sign === '=') hint = `For a label write label:${name}=${rest}; put it in quotes to look for the text itself`;
  else if (near !== null) hint = `Did you mean ${near}${sign}${rest}?`;
  return { to: Math.max(to, from + 1), message: `There is no field ${name}`, hint };
}

function wrong(text: string, start: number, message: string, hint: string): Read {
  return { to: readPiece(text, start, '').to, message, hint };
}

function unclosed(text: string): Read {
  return { to: text.length, message: 'A quote is not closed', hint: 'End it with another "' };
}
