import type { NumberField, TextField } from './fields.ts';

export const operators = ['>=', '<=', '>', '<', '='] as const;
export type Operator = (typeof operators)[number];

/** What one term asks of a host. Texts compare without regard to case; `*` and `?` are wildcards. */
export type FilterCondition =
  /** Found anywhere in name, address, labels or OS. */
  | { readonly kind: 'word'; readonly text: string }
  /** Any of the values. */
  | { readonly kind: 'text'; readonly field: TextField; readonly values: readonly string[] }
  /** The label has any of the values; null: it is there at all. */
  | { readonly kind: 'label'; readonly key: string; readonly values: readonly string[] | null }
  /** The unit is in any of the states; null: there is anything wrong with it. */
  | { readonly kind: 'unit'; readonly name: string; readonly states: readonly string[] | null }
  /** In the field's own measure: percent, seconds, milliseconds or a count. */
  | { readonly kind: 'number'; readonly field: NumberField; readonly operator: Operator; readonly value: number };

/** One term with its place in the text; `to` is the first character after it. */
export interface FilterTerm {
  readonly negated: boolean;
  readonly condition: FilterCondition;
  readonly from: number;
  readonly to: number;
}

/** A part of the text that cannot be understood, with what to write instead. */
export interface FilterError {
  readonly message: string;
  readonly hint: string;
  readonly from: number;
  readonly to: number;
}

/** A filter text as read: all terms must hold. Terms that cannot be understood are errors and do not count. */
export interface FilterTree {
  readonly terms: readonly FilterTerm[];
  readonly errors: readonly FilterError[];
}
