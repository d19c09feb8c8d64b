import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../state/console.ts';
import type { FleetList } from '../../state/fleet-list.ts';
import { useSection, useStale } from '../../state/hooks.ts';
import { showHosts } from '../../state/looking.ts';
import type { MenuPlace } from '../../ui/menu.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { takeFocus } from '../../ui/take-focus.ts';
import { healthSigns } from '../../words/states.ts';
import { GroupLine } from './group-line.tsx';
import { type Cell, type CombGroup, hexagon, layComb } from './honeycomb-layout.ts';
import { useCombKeys } from './use-comb-keys.ts';
import { usePress } from './use-press.ts';
import './honeycomb.css';

const characterWidth = 5.6;

/** Of the sheet around the cell under the cursor, so that it never stands at the very edge. */
const headRoom = 24;

/** The same hosts as the table, one hexagon each, so that two thousand are seen at once. */
export function Honeycomb({
  list,
  groupBy,
  fold,
  openHost,
  openMenu,
}: {
  readonly list: FleetList;
  readonly groupBy: string;
  readonly fold: (group: string) => void;
  readonly openHost: (host: string) => void;
  readonly openMenu: (hosts: readonly string[], place: MenuPlace) => void;
}) {
  const { selection } = useConsole();
  const { hosts: selected, cursor } = useStore(selection);
  const frame = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const size = useSize(frame);
  const groups = useMemo(() => blocks(list), [list]);
  const comb = useMemo(() => layComb(groups, size.width - 24, size.height - 20), [groups, size]);
  useEffect(() => showHosts(list.hosts), [list.hosts]);
  useLayoutEffect(() => {
    const cell = comb.cells.find(({ host }) => host === cursor);
    if (!cell || !frame.current) return;
    keepInSight(frame.current, cell.y - comb.radius, cell.y + comb.radius);
    takeFocus(drawing.current);
    // oxlint-disable-next-line react/exhaustive-deps -- a moved cursor scrolls, and another size; a new order does not
  }, [cursor, comb.radius, size]);
  useCombKeys(comb.cells, list.hosts);

  const onPress = usePress(list.hosts);
  const onMenu = useCallback(
    (host: string, event: React.MouseEvent) => {
      event.preventDefault();
      const { hosts } = selection.getState();
      openMenu(hosts.has(host) ? [...hosts] : [host], { x: event.clientX, y: event.clientY });
    },
    [selection, openMenu],
  );
  return (
    <div className="honeycomb" ref={frame}>
      <div className="comb-sheet">
        {comb.heads.map(({ key, y }) => {
          const group = list.groups.get(key);
          return group ? (
            <div key={key} className="comb-head" style={{ top: y }}>
              <GroupLine group={group} groupBy={groupBy} onFold={() => fold(key)} tabIndex={0} />
            </div>
          ) : null;
        })}
        <svg
          ref={drawing}
          width={size.width - 24}
          height={Math.max(comb.height, 1)}
          role="listbox"
          aria-label="Hosts"
          aria-multiselectable
          aria-activedescendant={comb.cells.some(({ host }) => host === cursor) ? `comb-${cursor}` : undefined}
          tabIndex={0}
        >
          {comb.cells.map((cell) => (
            <HoneycombCell
              key={cell.host}
              host={cell.host}
              x={cell.x}
              y={cell.y}
              radius={comb.radius}
              cursor={cell.host === cursor}
              selected={selected.has(cell.host)}
              onPress={onPress}
              onOpen={openHost}
              onMenu={onMenu}
            />
          ))}
        </svg>
      </div>
    </div>
  );
}

interface CellProps extends Cell {
  readonly radius: number;
  readonly cursor: boolean;
  readonly selected: boolean;
  readonly onPress: (host: string, event: React.MouseEvent) => void;
  readonly onOpen: (host: string) => void;
  readonly onMenu: (host: string, event: React.MouseEvent) => void;
}

const HoneycombCell = memo(function HoneycombCell(props: CellProps) {
  const { host, x, y, radius, onPress, onOpen, onMenu } = props;
  const health = useSection('host', host, 'health');
  const stale = useStale(host);
  const sign = healthSigns[health?.state ?? 'unknown'];
  const why = health?.reasons.find(({ state }) => state !== 'healthy')?.text;
  const named = radius >= 30;
  const mark = Math.min(14, radius * 0.75);
  return (
    <g
      role="option"
      id={`comb-${host}`}
      aria-label={`${host}, ${sign.word}${stale ? ', not live' : ''}`}
      aria-selected={props.selected}
      className={`comb-cell tone-${sign.tone} ${props.selected ? 'comb-selected' : ''} ${props.cursor ? 'comb-cursor' : ''} ${stale ? 'comb-stale' : ''}`}
      transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}
      onClick={(event) => onPress(host, event)}
      onDoubleClick={() => onOpen(host)}
      onContextMenu={(event) => onMenu(host, event)}
    >
      <title>{`${host} · ${sign.word}${why ? `\n${why}` : ''}`}</title>
      <polygon points={hexagon(radius - 1.5)} />
      <g transform={`translate(${-mark / 2} ${named ? -mark - 1 : -mark / 2})`}>
        <SignMark tone={sign.tone} shape={sign.shape} size={mark} />
      </g>
      {named && (
        <text y={13} textAnchor="middle">
          {shortName(host, Math.floor((Math.sqrt(3) * radius - 6) / characterWidth))}
        </text>
      )}
    </g>
  );
});

/** A name in so many characters; what tells machines from each other is at its end. */
function shortName(name: string, most: number): string {
  return name.length <= most ? name : `${name.slice(0, most - 5)}…${name.slice(-4)}`;
}

function blocks({ groups, hosts }: FleetList): CombGroup[] {
  if (groups.size === 0) return [{ key: '', hosts }];
  return [...groups].map(([key, { members, folded }]) => ({ key, hosts: folded ? [] : members }));
}

function keepInSight(frame: HTMLElement, top: number, bottom: number): void {
  if (top < frame.scrollTop) frame.scrollTop = top - headRoom;
  else if (bottom + headRoom > frame.scrollTop + frame.clientHeight)
    frame.scrollTop = bottom + headRoom - frame.clientHeight;
}

function useSize(frame: React.RefObject<HTMLDivElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 800, height: 500 });
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return size;
}
