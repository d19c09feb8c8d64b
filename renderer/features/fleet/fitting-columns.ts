import type { TableColumn } from '../../ui/virtual-table.tsx';

// What a person can do without first while one host is read beside the list.
const dropped = ['labels', 'channel', 'os', 'uptime', 'disk', 'memory', 'cpu'];

/** The columns that fit a width, the least needed left out first; all of them when leaving those out is not enough. */
export function fittingColumns(columns: readonly TableColumn[], width: number): readonly TableColumn[] {
  let fitting = columns;
  for (const id of dropped) {
    if (fitting.reduce((sum, column) => sum + column.width, 0) <= width) return fitting;
    fitting = fitting.filter((column) => column.id !== id);
  }
  return fitting;
}
