import { type MetricName, metricNames } from '#shared/contract/host.ts';
import type { HistoryItem } from '#shared/contract/streams.ts';

/** The last hour of one host: times in epoch ms, ascending, and values aligned to them. */
export interface History {
  readonly times: readonly number[];
  readonly values: Readonly<Record<MetricName, readonly (number | null)[]>>;
}

const keepMs = 60 * 60_000;
// The core writes a point at least every ten seconds; a longer silence is drawn as a gap, not as a line.
const gapMs = 35_000;

export const noHistory: History = {
  times: [],
  values: Object.fromEntries(metricNames.map((name) => [name, []])) as unknown as History['values'],
};

/** The history with an item added: points that are not newer than what is held are left out, old ones fall away. */
export function withItem(history: History, item: HistoryItem): History {
  const last = history.times.at(-1) ?? Number.NEGATIVE_INFINITY;
  const first = item.times.findIndex((at) => at > last);
  if (first === -1) return history;
  const fresh = item.times.slice(first);
  const newest = fresh.at(-1) ?? last;
  const drop = history.times.findIndex((at) => at >= newest - keepMs);
  const from = drop === -1 ? history.times.length : drop;
  const values = Object.fromEntries(
    metricNames.map((name) => {
      const column = item.values[name]?.slice(first) ?? [];
      const padded = fresh.map((_, index) => column[index] ?? null);
      return [name, [...history.values[name].slice(from), ...padded]];
    }),
  ) as unknown as History['values'];
  return { times: [...history.times.slice(from), ...fresh], values };
}

/** Columns for a chart: seconds, then one column a metric, with a null point inside each gap. */
export function chartColumns(history: History, metrics: readonly MetricName[], sinceMs: number): (number | null)[][] {
  const columns: (number | null)[][] = [[], ...metrics.map(() => [] as (number | null)[])];
  let before: number | null = null;
  history.times.forEach((at, index) => {
    if (at < sinceMs) return;
    if (before !== null && at - before > gapMs) {
      columns[0]?.push((before + 1000) / 1000);
      for (const column of columns.slice(1)) column.push(null);
    }
    columns[0]?.push(at / 1000);
    metrics.forEach((metric, series) => columns[series + 1]?.push(history.values[metric][index] ?? null));
    before = at;
  });
  return columns;
}
