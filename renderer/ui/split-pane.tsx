import { useRef } from 'react';
import './split-pane.css';

const least = 280;

/** A view with a pane at its right whose width can be dragged, or moved with the arrow keys. */
export function SplitPane({
  width,
  onWidth,
  label,
  detail,
  children,
}: {
  /** Width of the pane in CSS pixels. */
  readonly width: number;
  readonly onWidth: (width: number) => void;
  /** What the pane shows, for those who cannot see it. */
  readonly label: string;
  readonly detail: React.ReactNode | null;
  readonly children: React.ReactNode;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const clamp = (wanted: number) => {
    const room = frame.current?.clientWidth ?? 1200;
    return Math.round(Math.max(least, Math.min(wanted, room - 360)));
  };
  const drag = (event: React.PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const right = frame.current?.getBoundingClientRect().right ?? 0;
    onWidth(clamp(right - event.clientX));
  };
  return (
    <div className="split-pane" ref={frame}>
      <div className="split-main">{children}</div>
      {detail !== null && (
        <>
          <div
            className="split-handle"
            role="separator"
            aria-orientation="vertical"
            aria-label={`Width of ${label}`}
            aria-valuenow={width}
            aria-valuemin={least}
            aria-valuemax={1400}
            tabIndex={0}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={drag}
            onKeyDown={(event) => {
              if (event.key === 'ArrowLeft') onWidth(clamp(width + 24));
              if (event.key === 'ArrowRight') onWidth(clamp(width - 24));
            }}
          />
          <aside className="split-detail" style={{ width }} aria-label={label}>
            {detail}
          </aside>
        </>
      )}
    </div>
  );
}
