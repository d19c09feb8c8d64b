import { numberFields } from './fields.ts';
import type { FilterCondition, FilterTerm } from './filter-tree.ts';
import { printFigure } from './measures.ts';
import { quotePiece } from './scan.ts';

/** Writes one term; it reads back as the same. */
export function printTerm({ negated, condition }: Pick<FilterTerm, 'negated' | 'condition'>): string {
  return `${negated ? '-' : ''}${printCondition(condition)}`;
}

/** Writes terms, parted by single blanks. */
export function printFilter(terms: readonly Pick<FilterTerm, 'negated' | 'condition'>[]): string {
  return terms.map(printTerm).join(' ');
}

function printCondition(condition: FilterCondition): string {
  switch (condition.kind) {
    case 'word':
      // A word that begins like a field or a negation would be read as one.
      return quotePiece(condition.text, /^-|^[A-Za-z]+[:<>=]/);
    case 'text':
      return `${condition.field}:${printValues(condition.values)}`;
    case 'label':
      return `label:${quotePiece(condition.key, /=/)}${condition.values === null ? '' : `=${printValues(condition.values)}`}`;
    case 'unit':
      return `unit:${quotePiece(condition.name, /=/)}${condition.states === null ? '' : `=${printValues(condition.states)}`}`;
    default:
      return `${condition.field}${condition.operator}${printFigure(condition.value, numberFields[condition.field].measure)}`;
  }
}

function printValues(values: readonly string[]): string {
  return values.map((value) => quotePiece(value, /,/)).join(',');
}
