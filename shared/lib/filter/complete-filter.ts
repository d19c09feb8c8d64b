import { fieldNames, fieldOf, numberFields, textFields, unitStates } from './fields.ts';
import type { KnownValues } from './known-values.ts';
import { isBlank, quotePiece } from './scan.ts';

/** What may come next at the cursor: `from`..`to` of the text is replaced by `insert`. */
export interface Completion {
  readonly label: string;
  readonly about: string;
  readonly insert: string;
  readonly from: number;
  readonly to: number;
}

const maxOffers = 50;

/** Offers for the term the cursor is in: fields first, then what the fleet has of the field that is being written. */
export function completeFilter(text: string, cursor: number, known: KnownValues): Completion[] {
  const to = Math.max(0, Math.min(cursor, text.length));
  const from = termStart(text, to);
  const begun = text.slice(from, to).replace(/^-(?=\S)/, '');
  const at = to - begun.length;
  const head = /^([A-Za-z]+)(:|=)/.exec(begun);
  const field = head ? fieldOf(head[1] ?? '') : null;
  if (!head || field === null) return /^[A-Za-z]*$/.test(begun) ? offerFields(begun, at, to, known) : [];
  const rest = begun.slice(head[0].length);
  const start = at + head[0].length;
  if (field.kind === 'number') return [];
  if (field.kind === 'text') {
    const values = textFields[field.field].values ?? known.text.get(field.field) ?? [];
    return offerValues(rest, start, to, values, textFields[field.field].about);
  }
  const equals = rest.indexOf('=');
  if (field.kind === 'label') {
    if (equals < 0) return offer(rest, start, to, [...known.labels.keys()], 'a label', /=/, '=');
    const key = unquote(rest.slice(0, equals));
    return offerValues(rest.slice(equals + 1), start + equals + 1, to, known.labels.get(key) ?? [], `label ${key}`);
  }
  if (equals < 0) return offer(rest, start, to, known.units, 'a unit that has trouble', /=/, '');
  return offerValues(rest.slice(equals + 1), start + equals + 1, to, unitStates, 'its state');
}

/** Where the term before the cursor begins: after the last blank that is not in quotes. */
function termStart(text: string, cursor: number): number {
  let start = 0;
  let quoted = false;
  for (let at = 0; at < cursor; at++) {
    const char = text.charAt(at);
    if (quoted && char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && isBlank(char)) start = at + 1;
  }
  return start;
}

function offerFields(begun: string, from: number, to: number, known: KnownValues): Completion[] {
  const wanted = begun.toLowerCase();
  const fields = fieldNames
    .filter((name) => name.startsWith(wanted))
    .map((name) => {
      const sign = Object.hasOwn(numberFields, name) ? '>' : ':';
      return { label: `${name}${sign}`, about: aboutField(name), insert: `${name}${sign}`, from, to };
    });
  if (wanted === '') return fields;
  const names = known.names
    .filter((name) => name.toLowerCase().startsWith(wanted))
    .slice(0, 8)
    .map((name) => ({ label: name, about: 'a host', insert: quotePiece(name, /^-|^[A-Za-z]+[:<>=]/), from, to }));
  return [...fields, ...names];
}

function aboutField(name: string): string {
  if (name === 'label') return 'a label of the host';
  if (name === 'unit') return 'a failed or missing unit';
  const field = fieldOf(name);
  if (field?.kind === 'text') return textFields[field.field].about;
  return field?.kind === 'number' ? numberFields[field.field].about : '';
}

/** Offers for the last of some values parted by commas. */
function offerValues(rest: string, start: number, to: number, values: readonly string[], about: string): Completion[] {
  const comma = rest.endsWith('"') ? -1 : rest.lastIndexOf(',');
  return offer(rest.slice(comma + 1), start + comma + 1, to, values, about, /,/, '');
}

function offer(
  begun: string,
  from: number,
  to: number,
  values: readonly string[],
  about: string,
  special: RegExp,
  after: string,
): Completion[] {
  const wanted = unquote(begun).toLowerCase();
  const starting = values.filter((value) => value.toLowerCase().startsWith(wanted));
  const holding = values.filter((value) => value.toLowerCase().includes(wanted));
  return (starting.length > 0 ? starting : holding)
    .slice(0, maxOffers)
    .map((value) => ({ label: value, about, insert: `${quotePiece(value, special)}${after}`, from, to }));
}

function unquote(text: string): string {
  return text.replaceAll(/\\(.)|"/g, '$1');
}
