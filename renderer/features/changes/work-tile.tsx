import { memo } from 'react';
import { SignMark } from '../../ui/sign-mark.tsx';
import { signOf, type WorkHost } from './work-lanes.ts';

interface TileProps {
  readonly host: WorkHost;
  readonly isNamed: boolean;
  readonly isPicked: boolean;
  /** The one that the tab key leads to. */
  readonly isEntry: boolean;
}

/** A host in a roll-out: a small square with its shape, its name where there is room; the board hears its clicks. */
export const WorkTile = memo(function WorkTile({ host, isNamed, isPicked, isEntry }: TileProps) {
  const { tone, shape, word } = signOf(host);
  const progress = host.work?.phase === 'downloading' ? (host.work.progress ?? null) : null;
  const label = `${host.host}: ${word}`;
  return (
    <button
      type="button"
      className={`work-tile ${isNamed ? 'work-named' : ''}`}
      data-host={host.host}
      aria-label={label}
      aria-pressed={isPicked}
      tabIndex={isEntry ? 0 : -1}
      title={host.text === '' ? label : `${label} — ${host.text}`}
      style={progress === null ? undefined : ({ '--part': progress } as React.CSSProperties)}
    >
      <SignMark tone={tone} shape={shape} size={10} />
      {isNamed && <span className="cut">{host.host}</span>}
    </button>
  );
}, isDrawnTheSame);

/** Records are made anew with every patch; a tile is drawn again only where something of it is otherwise. */
function isDrawnTheSame(before: TileProps, after: TileProps): boolean {
  if (before.isNamed !== after.isNamed || before.isPicked !== after.isPicked || before.isEntry !== after.isEntry)
    return false;
  const [a, b] = [before.host, after.host];
  if (a === b) return true;
  return (
    a.host === b.host &&
    a.state === b.state &&
    a.text === b.text &&
    a.endedAt === b.endedAt &&
    a.work?.phase === b.work?.phase &&
    a.work?.progress === b.work?.progress &&
    a.work?.waitsFor === b.work?.waitsFor &&
    a.work?.rolledBack === b.work?.rolledBack
  );
}
