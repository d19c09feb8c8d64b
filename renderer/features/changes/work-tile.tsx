import { memo } from 'react';
import { type MarkShape, SignMark } from '../../ui/sign-mark.tsx';
import { looksTheSame } from './work-layout.ts';
import { signOf, type WorkHost } from './work-lanes.ts';

interface TileProps {
  readonly host: WorkHost;
  readonly isNamed: boolean;
  readonly isPicked: boolean;
  /** The one that the tab key leads to. */
  readonly isEntry: boolean;
}

/**
 * The shapes that hundreds of hosts may have at once, as they wait, are looked at and are done: drawn by the tile's own
 * background, as each SVG is a layer of its own to the drawing of a frame.
 */
const plain: ReadonlySet<MarkShape> = new Set<MarkShape>(['disc', 'ring', 'dots', 'pause']);

/** A host in a roll-out: a small square with its shape, its name where there is room; the board hears its clicks. */
export const WorkTile = memo(function WorkTile({ host, isNamed, isPicked, isEntry }: TileProps) {
  const { tone, shape, word } = signOf(host);
  const progress = host.work?.phase === 'downloading' ? (host.work.progress ?? null) : null;
  const label = `${host.host}: ${word}`;
  const isPlain = !isNamed && plain.has(shape);
  return (
    <button
      type="button"
      className={`work-tile ${isNamed ? 'work-named' : ''} ${isPlain ? `work-${shape} tone-${tone}` : ''}`}
      data-host={host.host}
      aria-label={label}
      aria-pressed={isPicked}
      tabIndex={isEntry ? 0 : -1}
      title={host.text === '' ? label : `${label} — ${host.text}`}
      style={progress === null ? undefined : ({ '--part': progress } as React.CSSProperties)}
    >
      {!isPlain && <SignMark tone={tone} shape={shape} size={10} />}
      {isNamed && <span className="cut">{host.host}</span>}
    </button>
  );
}, isDrawnTheSame);

function isDrawnTheSame(before: TileProps, after: TileProps): boolean {
  return (
    before.isNamed === after.isNamed &&
    before.isPicked === after.isPicked &&
    before.isEntry === after.isEntry &&
    looksTheSame(before.host, after.host)
  );
}
