import { memo } from 'react';
import { sparkPaths } from './spark-path.ts';
import './sparkline.css';

/** A tiny line of parts of 0..100; the figure beside it is what is read out. */
export const Sparkline = memo(function Sparkline({
  points,
  tone = 'plain',
  width = 38,
  height = 16,
}: {
  readonly points: readonly (number | null)[];
  readonly tone?: 'plain' | 'attention' | 'bad';
  readonly width?: number;
  readonly height?: number;
}) {
  const { line, area } = sparkPaths(points, width, height);
  return (
    <svg
      className={`sparkline sparkline-${tone}`}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      <path className="sparkline-area" d={area} />
      <path className="sparkline-line" d={line} />
    </svg>
  );
});
