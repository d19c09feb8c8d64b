import './meter.css';

/** A bar for a part of 0..1; `tone` says when it matters, the figure beside it how much it is. */
export function Meter({ part, tone = 'plain' }: { readonly part: number; readonly tone?: string }) {
  const width = `${Math.min(100, Math.max(0, part * 100))}%`;
  return (
    <span className={`meter tone-${tone}`} aria-hidden="true">
      <span style={{ width }} />
    </span>
  );
}
