import type { FilterCondition, FilterError, FilterTerm } from './filter-tree.ts';
import { parseFilter } from './parse-filter.ts';
import { printTerm } from './print-filter.ts';

/** A term as a chip: its text as written, where it is, and what is wrong with it. */
export interface FilterChip {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** Null when it cannot be understood. */
  readonly condition: FilterCondition | null;
  readonly negated: boolean;
  /** What is wrong and what to write; null when nothing is. */
  readonly problem: string | null;
}

/** All terms of a text in order, those with errors among them. */
export function filterChips(text: string): FilterChip[] {
  const { terms, errors } = parseFilter(text);
  const chips: FilterChip[] = [
    ...terms.map(({ from, to, negated, condition }) => ({
      text: text.slice(from, to),
      from,
      to,
      negated,
      condition,
      problem: null,
    })),
    ...errors.map((error) => ({
      text: text.slice(error.from, error.to),
      from: error.from,
      to: error.to,
      negated: false,
      condition: null,
      problem: tellError(error),
    })),
  ];
  return chips.toSorted((a, b) => a.from - b.from);
}

/** What is wrong and what to write, in sentences. */
export function tellError({ message, hint }: FilterError): string {
  return `${message}. ${hint}.`.replace(/\?\.$/, '?');
}

/** The text with a term at its end, unless it is there already. */
export function addTerm(text: string, term: Pick<FilterTerm, 'negated' | 'condition'>): string {
  const wanted = printTerm(term);
  if (filterChips(text).some((chip) => printed(chip) === wanted)) return text;
  return text.trim() === '' ? wanted : `${text.trimEnd()} ${wanted}`;
}

/** The text without the chip of this index; everything else stays as written. */
export function withoutChip(text: string, index: number): string {
  const chip = filterChips(text)[index];
  return chip === undefined ? text : joined(text.slice(0, chip.from), text.slice(chip.to));
}

/** The text with the term instead of all others of its field; without it when it is there already. */
export function toggleTerm(text: string, term: Pick<FilterTerm, 'negated' | 'condition'>): string {
  const wanted = printTerm(term);
  const chips = filterChips(text);
  const there = chips.some((chip) => printed(chip) === wanted);
  let rest = text;
  for (const [index, chip] of [...chips.entries()].toReversed())
    if (chip.condition && subject(chip.condition) === subject(term.condition)) rest = withoutChip(rest, index);
  return there ? rest : addTerm(rest, term);
}

function printed(chip: FilterChip): string | null {
  return chip.condition === null ? null : printTerm({ negated: chip.negated, condition: chip.condition });
}

/** What a condition is about: a field, one label, one unit. */
function subject(condition: FilterCondition): string {
  switch (condition.kind) {
    case 'word':
      return `word ${condition.text}`;
    case 'label':
      return `label ${condition.key.toLowerCase()}`;
    case 'unit':
      return `unit ${condition.name}`;
    default:
      return condition.field;
  }
}

function joined(before: string, after: string): string {
  const left = before.trimEnd();
  const right = after.trimStart();
  return left === '' || right === '' ? left + right : `${left} ${right}`;
}
