import { cleanLine } from '#shared/lib/clean-text.ts';
import type { MatrixColumn, MatrixRow } from './matrix.ts';
import type { PendingEdits } from './pending-edits.ts';

/** What one cell shows, and how it stands to the others of its row. */
export interface CellWords {
  readonly state: 'none' | 'usual' | 'odd' | 'edited';
  readonly value: string;
  /** What it becomes; for an edited cell only. */
  readonly becomes: string;
  readonly title: string;
}

const mostShown = 120;

/** A value on one line; a dash where the setting is not there. */
export function valueWords(value: string | null): string {
  if (value === null) return '—';
  return value === '' ? '(empty)' : cleanLine(value.replaceAll('\n', ' ⏎ '), mostShown);
}

/** Tells a cell; `hosts` is how many the row is about. */
export function cellWords(column: MatrixColumn, row: MatrixRow, hosts: number, edits: PendingEdits): CellWords {
  if (!column.settings) return { state: 'none', value: '', becomes: '', title: column.note };
  const was = column.settings.get(row.key) ?? null;
  const value = valueWords(was);
  const wished = column.hosts.map((host) => edits.get(host)?.get(row.key));
  if (wished.some((one) => one !== undefined)) {
    const all = new Set(wished);
    const [only] = wished;
    const becomes = all.size === 1 && only !== undefined ? valueWords(only) : 'several';
    return { state: 'edited', value, becomes, title: `edited: ${value} becomes ${becomes}` };
  }
  if (was === row.usual) return { state: 'usual', value, becomes: '', title: `${row.key}=${value}` };
  const others = row.usual === null ? 'where it is not set' : `${row.key}=${valueWords(row.usual)}`;
  return { state: 'odd', value, becomes: '', title: `differs from ${row.agreeing} of ${hosts}: ${others}` };
}

/** What a cell would hold after all that is wished; undefined where its hosts would differ or cannot be read. */
export function wishedValue(column: MatrixColumn, key: string, edits: PendingEdits): string | null | undefined {
  if (!column.settings) return undefined;
  const was = column.settings.get(key) ?? null;
  const values = new Set(
    column.hosts.map((host) => edits.get(host)?.get(key)).map((one) => (one === undefined ? was : one)),
  );
  return values.size === 1 ? [...values][0] : undefined;
}
