import type { SavedView } from '#shared/contract/cluster.ts';
import type { ColumnChoice } from '#shared/contract/preferences.ts';
import { firstColumns } from './fleet-columns.ts';
import type { FleetQuery } from './routes.ts';

type Columns = readonly ColumnChoice[];

/** The columns shown: those chosen, else those the console came with, each at its own width. */
export function shownColumns(choice: Columns | null): Columns {
  return choice ?? firstColumns.map((id): ColumnChoice => ({ id, width: null }));
}

/** The saved view that the fleet is shown as now; of two that differ in widths alone the one whose widths these are. */
export function currentView(
  views: readonly SavedView[],
  query: FleetQuery,
  choice: Columns | null,
): SavedView | undefined {
  const columns = shownColumns(choice);
  const fitting = views.filter(
    (view) =>
      view.filter === query.filter &&
      view.layout === query.layout &&
      view.groupBy === query.groupBy &&
      view.sort.column === query.sort.column &&
      view.sort.descending === query.sort.descending &&
      // A honeycomb has no columns.
      (view.layout === 'honeycomb' || same(columnsOf(view), columns, false)),
  );
  return fitting.find((view) => same(columnsOf(view), columns, true)) ?? fitting[0];
}

/** What a saved view asks of the address, and of the columns; null columns are those the console came with. */
export function viewChoice(view: SavedView): { query: Omit<FleetQuery, 'preview'>; columns: ColumnChoice[] | null } {
  const { filter, layout, groupBy, sort } = view;
  const columns = columnsOf(view);
  return {
    query: { filter, layout, groupBy, sort },
    columns: same(columns, shownColumns(null), true) ? null : [...columns],
  };
}

function columnsOf({ columns }: SavedView): Columns {
  return columns.length > 0 ? columns : shownColumns(null);
}

function same(a: Columns, b: Columns, widths: boolean): boolean {
  return (
    a.length === b.length && a.every(({ id, width }, at) => id === b[at]?.id && (!widths || width === b[at].width))
  );
}
