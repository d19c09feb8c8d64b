import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './chart.css';

/** One line of a chart; `colour` is a token of tokens.css. */
export interface ChartSeries {
  readonly label: string;
  readonly colour: string;
  readonly fill: boolean;
}

const together = uPlot.sync('charts');

/** Lines over time. All charts of a page share one cursor, and each says its values there, else the newest. */
export function Chart({
  title,
  series,
  columns,
  from,
  to,
  top,
  format,
}: {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  /** Seconds, then one column a series. */
  readonly columns: readonly (readonly (number | null)[])[];
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly format: (value: number) => string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shown = useRef({ from, to, top });
  const [at, setAt] = useState<number | null>(null);
  const theme = useTheme();
  shown.current = { from, to, top };

  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const made = new uPlot(
      options(series, format, sizeOf(element), shown, (index) => setAt(index)),
      columns as uPlot.AlignedData,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize(sizeOf(element)));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- data has its own effect; only look and lines make a new plot
  }, [series, format, theme]);

  useEffect(() => {
    plot.current?.setData(columns as uPlot.AlignedData);
  }, [columns]);

  const last = (columns[0]?.length ?? 0) - 1;
  const index = at !== null && at <= last ? at : last;
  return (
    <figure className="chart">
      <figcaption>
        <span className="chart-title">{title}</span>
        {series.map((line, number) => {
          const value = columns[number + 1]?.[index];
          return (
            <span key={line.label} className="chart-value">
              <i style={{ background: `var(${line.colour})` }} />
              {line.label} <b>{typeof value === 'number' ? format(value) : '–'}</b>
            </span>
          );
        })}
      </figcaption>
      <div ref={place} className="chart-place" aria-hidden="true" />
      {last < 0 && <p className="chart-empty">Nothing has been read in this time.</p>}
    </figure>
  );
}

function sizeOf({ clientWidth: width, clientHeight: height }: HTMLElement): { width: number; height: number } {
  return { width, height };
}

/** Half of the room that a time as `03:25` takes, in CSS pixels. */
const clockHalf = 16;

function options(
  series: readonly ChartSeries[],
  format: (value: number) => string,
  size: { readonly width: number; readonly height: number },
  shown: { readonly current: { from: number; to: number; top: number } },
  onCursor: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: token('--text-3'),
    grid: { stroke: token('--line'), width: 1 },
    ticks: { show: false },
    font: '10.5px "Inter Variable"',
  };
  return {
    ...size,
    padding: [8, 6, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: together.key }, drag: { x: false, y: false }, points: { size: 5 } },
    scales: {
      x: { range: () => [shown.current.from, shown.current.to] },
      y: { range: (_plot, _min, max) => [0, Math.max(shown.current.top, (max ?? 0) * 1.08)] },
    },
    axes: [
      { ...axis, size: 20, gap: 3, space: 44, values: clocksWithin },
      { ...axis, size: 58, gap: 4, space: 34, values: (_plot, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...series.map((line) => ({
        label: line.label,
        stroke: token(line.colour),
        width: 1.4,
        points: { show: false },
        ...(line.fill ? { fill: token('--fill-1') } : {}),
      })),
    ],
    hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] },
  };
}

/** Times of ticks; none where it would be cut at the right edge or run into the labels at the left. */
function clocksWithin(plot: uPlot, ticks: readonly number[]): string[] {
  const width = plot.bbox.width / devicePixelRatio;
  return ticks.map((tick) => {
    const at = plot.valToPos(tick, 'x');
    return at < clockHalf || at > width - clockHalf / 2 ? '' : clock(tick);
  });
}

function clock(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

function useTheme(): string {
  return useSyncExternalStore(
    (listener) => {
      const observer = new MutationObserver(listener);
      observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
      return () => observer.disconnect();
    },
    () => document.documentElement.dataset['theme'] ?? 'dark',
  );
}
