import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../state/console.ts';
import { type FleetList, type GroupHead, groupKey } from '../../state/fleet-list.ts';
import { useSection, useStale } from '../../state/hooks.ts';
import { showHosts } from '../../state/looking.ts';
import { toggled } from '../../state/selection.ts';
import type { MenuPlace } from '../../ui/menu.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { takeFocus } from '../../ui/take-focus.ts';
import { count } from '../../words/amounts.ts';
import { healthSigns } from '../../words/states.ts';
import { type Cell, hexagon, layComb } from './honeycomb-layout.ts';
import './honeycomb.css';

/** The same hosts as the table, one hexagon each, so that two thousand are seen at once. */
export function Honeycomb({
  list,
  openHost,
  openMenu,
}: {
  readonly list: FleetList;
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
  useEffect(() => {
    if (cursor !== null) takeFocus(drawing.current);
  }, [cursor]);

  const onPress = useCallback(
    (host: string, event: React.MouseEvent) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) selection.setState(toggled(selection.getState(), host));
      else selection.setState({ cursor: host, anchor: host });
    },
    [selection],
  );
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
      <svg
        ref={drawing}
        width={size.width - 24}
        height={Math.max(comb.height, 1)}
        role="listbox"
        aria-label="Hosts"
        tabIndex={0}
      >
        {comb.heads.map((head) => (
          <text key={head.title} x={2} y={head.y + 19} className="honeycomb-head">
            {head.title} <tspan className="honeycomb-head-count">{count(head.hosts, 'host')}</tspan>
          </text>
        ))}
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
          {host.length > 9 ? `${host.slice(0, 8)}…` : host}
        </text>
      )}
    </g>
  );
});

function blocks(list: FleetList): { title: string; hosts: string[] }[] {
  if (list.groups.size === 0) return [{ title: '', hosts: [...list.hosts] }];
  const all: { title: string; hosts: string[] }[] = [];
  for (const row of list.rows) {
    const group: GroupHead | undefined = list.groups.get(row);
    if (group && row === groupKey(group.value)) all.push({ title: group.value || 'none', hosts: [] });
    else all.at(-1)?.hosts.push(row);
  }
  return all;
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
