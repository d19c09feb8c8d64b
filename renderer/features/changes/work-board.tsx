import { memo, useCallback, useMemo, useRef, useState } from 'react';
import { count } from '../../words/amounts.ts';
import { printRoute } from '../../state/routes.ts';
import { SignMark } from '../../ui/sign-mark.tsx';
import {
  columnSigns,
  drawnOf,
  stepFrom,
  type WorkColumn,
  type WorkHost,
  type WorkLane,
  type WorkLayout,
} from './work-lanes.ts';
import { layoutKeeper } from './work-layout.ts';
import { WorkTile } from './work-tile.tsx';
import './work-board.css';

/** Of one cell; more are drawn when they are asked for. */
const mostInCell = 240;
/** So few hosts of a cell have room for their names. */
const mostNamed = 6;
/** More hosts of a cell are drawn as their shapes alone, closer together. */
const mostRoomy = 24;
const mostWaits = 3;
const steps = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End']);

/** A roll-out: its waves as lanes, its hosts moving through them from left to right, and what they wait for. */
export function WorkBoard({
  cluster,
  hosts,
  wave,
  picked,
  onPick,
}: {
  readonly cluster: string;
  readonly hosts: readonly WorkHost[];
  /** Null where none is under way. */
  readonly wave: number | null;
  readonly picked: string | null;
  readonly onPick: (host: string) => void;
}) {
  const [layOut] = useState(layoutKeeper);
  const layout = useMemo(() => layOut(hosts), [layOut, hosts]);
  const board = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [isWhole, setIsWhole] = useState(false);
  const showWhole = useCallback(() => setIsWhole(true), []);
  const most = isWhole ? Number.POSITIVE_INFINITY : mostInCell;
  const entry = cursor ?? picked ?? firstMoving(layout);
  const hostAt = (target: EventTarget) => (target as HTMLElement).closest<HTMLElement>('[data-host]')?.dataset['host'];
  const onKeyDown = (event: React.KeyboardEvent) => {
    const from = hostAt(event.target);
    if (!steps.has(event.key) || from === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = stepFrom(layout, from, event.key as Parameters<typeof stepFrom>[2], most);
    if (to === null) return;
    setCursor(to);
    board.current?.querySelector<HTMLElement>(`[data-host="${CSS.escape(to)}"]`)?.focus();
  };
  return (
    <div className="work">
      <WaitWords cluster={cluster} layout={layout} />
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- it only hears what happens to its buttons */}
      <div
        className="work-board"
        ref={board}
        style={{ '--work-columns': `76px ${layout.columns.map(widthOf).join(' ')}` } as React.CSSProperties}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const host = hostAt(event.target);
          if (host === undefined) return;
          setCursor(host);
          onPick(host);
        }}
      >
        <div className="work-head" />
        {layout.columns.map((column) => (
          <div key={column} className="work-head">
            <span className="work-count">
              <SignMark tone={columnSigns[column].tone} shape={columnSigns[column].shape} />
              <b data-testid={`work-count-${column}`} className={layout.counts[column] === 0 ? 'faint' : ''}>
                {layout.counts[column].toLocaleString('en')}
              </b>
            </span>
            <span className="work-word">{columnSigns[column].word}</span>
          </div>
        ))}
        {layout.lanes.map((lane) => (
          <LaneCells
            key={lane.wave}
            lane={lane}
            columns={layout.columns}
            isCanary={lane.wave === 0 && layout.lanes.length > 1 && lane.size === 1}
            isNow={lane.wave === wave}
            most={most}
            picked={picked}
            entry={entry}
            onWhole={showWhole}
          />
        ))}
      </div>
    </div>
  );
}

interface CellProps {
  /** Of a cell, drawn at most. */
  readonly most: number;
  readonly picked: string | null;
  readonly entry: string | null;
  readonly onWhole: () => void;
}

/** Drawn again where its lane is another one, see `layoutKeeper`. */
const LaneCells = memo(function LaneCells({
  lane,
  columns,
  isCanary,
  isNow,
  picked,
  entry,
  ...drawing
}: CellProps & {
  readonly lane: WorkLane;
  readonly columns: readonly WorkColumn[];
  readonly isCanary: boolean;
  readonly isNow: boolean;
}) {
  const name = isCanary ? 'Canary' : `Wave ${lane.wave + 1}`;
  return (
    <section
      className={`work-lane ${isNow ? 'work-now' : ''}`}
      aria-label={name}
      aria-current={isNow ? 'step' : undefined}
    >
      <h2 className="work-name">
        {name}
        <span className="faint">
          {lane.over} of {lane.size} through
        </span>
      </h2>
      {columns.map((column) => {
        const cell = lane.cells[column];
        const inIt = (host: string | null) => (cell.some((each) => each.host === host) ? host : null);
        return <Cell key={column} column={column} cell={cell} picked={inIt(picked)} entry={inIt(entry)} {...drawing} />;
      })}
    </section>
  );
});

/** The hosts of one wave that are equally far. */
const Cell = memo(function Cell({
  column,
  cell,
  most,
  picked,
  entry,
  onWhole,
}: CellProps & { readonly column: WorkColumn; readonly cell: readonly WorkHost[] }) {
  const drawn = drawnOf(cell, most);
  return (
    <div className={`work-cell ${cell.length > mostRoomy ? 'work-many' : ''}`} data-column={column}>
      {drawn.map((host) => (
        <WorkTile
          key={host.host}
          host={host}
          isNamed={cell.length <= mostNamed}
          isPicked={host.host === picked}
          isEntry={host.host === entry}
        />
      ))}
      {drawn.length < cell.length && (
        <button type="button" className="work-more" onClick={onWhole}>
          and {count(cell.length - drawn.length, 'more host')}
        </button>
      )}
    </div>
  );
});

/** What hosts wait for, each with the way to where that is seen. */
function WaitWords({ cluster, layout }: { readonly cluster: string; readonly layout: WorkLayout }) {
  if (layout.waits.length === 0) return null;
  const rest = layout.waits.slice(mostWaits).reduce((sum, { hosts }) => sum + hosts, 0);
  return (
    <ul className="work-waits" aria-label="What hosts wait for">
      {layout.waits.slice(0, mostWaits).map(({ by, text, hosts }) => (
        <li key={text}>
          <b>
            {count(hosts, 'host')} {hosts === 1 ? 'waits' : 'wait'}:
          </b>{' '}
          {text} {by === 'lock' && <a href={printRoute({ view: 'etcd', cluster })}>Look at the reboot locks</a>}
        </li>
      ))}
      {rest > 0 && <li className="faint">{count(rest, 'more host')} wait for something else.</li>}
    </ul>
  );
}

/** Hosts only pass through two of them; nine columns fit into a window of 1280 px, with room for short names. */
function widthOf(column: WorkColumn): string {
  return column === 'checking' || column === 'staged' ? 'minmax(64px, 0.75fr)' : 'minmax(85px, 1fr)';
}

/** Where the tab key enters: the first host that something happens to, else the first there is. */
function firstMoving({ lanes, columns }: WorkLayout): string | null {
  const moving = columns.filter((column) => column !== 'waiting' && column !== 'done' && column !== 'skipped');
  const found = (of: typeof columns) =>
    lanes.flatMap(({ cells }) => of.map((column) => cells[column][0])).find(Boolean);
  return (found(moving) ?? found(columns))?.host ?? null;
}
