import type { ColumnChoice } from '#shared/contract/preferences.ts';

type Choice = readonly ColumnChoice[] | null;

/** Ids of the columns shown, in order. */
export function shownIds(choice: Choice, first: readonly string[]): string[] {
  return choice === null ? [...first] : choice.map(({ id }) => id);
}

function listed(choice: Choice, first: readonly string[]): ColumnChoice[] {
  return choice === null ? first.map((id) => ({ id, width: null })) : [...choice];
}

/** The choice with a column added at the end, or taken away. */
export function toggledColumn(choice: Choice, first: readonly string[], id: string): ColumnChoice[] {
  const columns = listed(choice, first);
  const at = columns.findIndex((column) => column.id === id);
  return at === -1 ? [...columns, { id, width: null }] : columns.toSpliced(at, 1);
}

/** The choice with a column moved by `steps`; the host's name stays first. */
export function movedColumn(choice: Choice, first: readonly string[], id: string, steps: number): ColumnChoice[] {
  const columns = listed(choice, first);
  const at = columns.findIndex((column) => column.id === id);
  const [column] = columns.splice(at, 1);
  if (at === -1 || !column) return listed(choice, first);
  columns.splice(Math.max(1, Math.min(columns.length, at + steps)), 0, column);
  return columns;
}
