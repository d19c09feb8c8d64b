import { useLayoutEffect, useRef } from 'react';
import { policyInWords } from '#shared/lib/update/policy-in-words.ts';
import { useFromTime } from '../../state/hooks.ts';
import { SignMark } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { roughSpan } from '../../words/times.ts';
import { agentWords, columnWords } from './agent-words.ts';
import { type Board, type BoardCell, type BoardColumn, type BoardRow, noGroup } from './board.ts';

/** A place on the board; column -1 is the group itself. */
export interface BoardPlace {
  readonly row: number;
  readonly column: number;
}

const groupWidth = 196;
const cellWidth = 146;

/** What is dragged over the board. */
export const hostsType = 'application/x-quarterdeck-hosts';

interface BoardGridProps {
  readonly board: Board;
  readonly cursor: BoardPlace;
  readonly open: { readonly group: string; readonly column: string | null } | null;
  readonly onCursor: (place: BoardPlace) => void;
  readonly onOpen: (place: BoardPlace) => void;
  readonly onDrop: (hosts: readonly string[], place: BoardPlace) => void;
}

/** Groups down, channels across; a cell says how many hosts, what they run, what they are offered, and what is in the way. */
export function BoardGrid(props: BoardGridProps) {
  const { board, cursor } = props;
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    frame.current?.querySelector(`#${placeId(cursor)}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [cursor]);
  return (
    <div
      ref={frame}
      className="board"
      role="grid"
      aria-label="Groups by channel"
      aria-activedescendant={placeId(cursor)}
      tabIndex={0}
    >
      <div role="row" className="board-head" style={columnsOf(board)}>
        <div role="columnheader">Group and policy</div>
        {board.columns.map((column) => (
          <div key={column.key} role="columnheader" title={columnWords(column)}>
            <b className="cut">{headOf(column)}</b>
            <span className="board-sum">{column.hosts}</span>
            <span className="faint cut">{agentWords[column.agent]}</span>
          </div>
        ))}
      </div>
      {board.rows.map((row, at) => (
        <div key={row.name} role="row" className="board-row" style={columnsOf(board)}>
          <GroupHead {...props} row={row} place={{ row: at, column: -1 }} />
          {board.columns.map((column, of) => (
            <Cell key={column.key} {...props} row={row} column={column} place={{ row: at, column: of }} />
          ))}
        </div>
      ))}
    </div>
  );
}

function columnsOf({ columns }: Board): React.CSSProperties {
  return {
    gridTemplateColumns: `minmax(${groupWidth}px, 2fr) repeat(${columns.length}, minmax(${cellWidth}px, 1fr))`,
    minWidth: groupWidth + columns.length * cellWidth,
  };
}

function headOf({ agent, channel }: BoardColumn): string {
  if (agent === 'apt' || agent === 'dnf') return 'packages';
  return channel || '–';
}

const hostsOfNone = 'Hosts that no group selects: updated by their own agents, or by hand.';

const placeId = ({ row, column }: BoardPlace) => `board-${row}-${column < 0 ? 'group' : column}`;

/** Where hosts may be dropped. */
function dropping(props: BoardGridProps, place: BoardPlace) {
  return {
    onDragOver: (event: React.DragEvent) => {
      if (!event.dataTransfer.types.includes(hostsType)) return;
      event.preventDefault();
      event.currentTarget.classList.add('board-over');
    },
    onDragLeave: (event: React.DragEvent) => event.currentTarget.classList.remove('board-over'),
    onDrop: (event: React.DragEvent) => {
      event.currentTarget.classList.remove('board-over');
      event.preventDefault();
      const hosts = event.dataTransfer.getData(hostsType).split('\n').filter(Boolean);
      if (hosts.length > 0) props.onDrop(hosts, place);
    },
  };
}

function GroupHead(props: BoardGridProps & { readonly row: BoardRow; readonly place: BoardPlace }) {
  const { board, row, place, cursor, open } = props;
  const { group } = row;
  const here = cursor.row === place.row && cursor.column === place.column;
  const isOpen = open?.group === row.name && open.column === null;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the board has the keys of its cells
    <div
      role="rowheader"
      id={placeId(place)}
      className={`board-group ${here ? 'board-cursor' : ''} ${isOpen ? 'board-open' : ''}`}
      onClick={() => props.onOpen(place)}
      {...dropping(props, place)}
    >
      <p className="board-name">
        <b className="cut">{group ? group.policy.group : board.isRead ? 'no group' : 'groups not read'}</b>
        {group?.policy.paused && (
          <span className="board-mark tone-purpose" title={`${group.policy.paused.by}: ${group.policy.paused.why}`}>
            <SignMark tone="purpose" shape="pause" size={10} /> paused
          </span>
        )}
        <span className="board-sum">{row.hosts.length}</span>
      </p>
      <p className="board-sentence">
        {group
          ? policyInWords(group.policy)
          : board.isRead
            ? hostsOfNone
            : 'Which host belongs to which group is not known now.'}
      </p>
      {group?.automatic && <p className="faint">{group.automatic}</p>}
    </div>
  );
}

function Cell(
  props: BoardGridProps & { readonly row: BoardRow; readonly column: BoardColumn; readonly place: BoardPlace },
) {
  const { row, column, place, cursor, open } = props;
  const cell = row.cells.get(column.key);
  const here = cursor.row === place.row && cursor.column === place.column;
  const isOpen = open?.group === row.name && open.column === column.key;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the board has the keys of its cells
    <div
      role="gridcell"
      id={placeId(place)}
      className={`board-cell ${here ? 'board-cursor' : ''} ${isOpen ? 'board-open' : ''} ${cell ? '' : 'board-none'}`}
      draggable={cell !== undefined}
      onDragStart={(event) => cell && event.dataTransfer.setData(hostsType, cell.hosts.join('\n'))}
      onClick={() => (cell ? props.onOpen(place) : props.onCursor(place))}
      {...dropping(props, place)}
    >
      {cell ? (
        <CellText cell={cell} />
      ) : (
        <span className="unseen">
          none of {row.name === noGroup ? 'no group' : row.name} on {columnWords(column)}
        </span>
      )}
    </div>
  );
}

function CellText({ cell }: { readonly cell: BoardCell }) {
  const [first, second, ...more] = cell.running;
  return (
    <>
      <p className="board-count">
        <b>{cell.hosts.length}</b>
        <Marks cell={cell} />
      </p>
      {[first, second].map(
        (one) =>
          one && (
            <p key={one.version} className="board-version" title={`${one.version} runs on ${count(one.hosts, 'host')}`}>
              <span className="cut mono">{one.version}</span>
              <span className="board-sum">{one.hosts}</span>
            </p>
          ),
      )}
      {more.length > 0 && <p className="faint">and {more.length} more versions</p>}
      {cell.offered.slice(0, 2).map(({ version, hosts, since }) => (
        <p key={version} className="board-offered" title={`${version} is offered to ${count(hosts, 'host')}`}>
          <SignMark tone="moving" shape="arrow" size={9} />
          <span className="unseen">offered </span>
          <span className="cut mono">{version}</span>
          <Behind since={since} />
        </p>
      ))}
      {cell.offered.length === 0 && cell.behind > 0 && (
        <p className="board-offered">
          <SignMark tone="moving" shape="arrow" size={9} />
          <span className="cut">packages wait on {cell.behind}</span>
        </p>
      )}
    </>
  );
}

/** How long hosts have been behind what they are offered. */
function Behind({ since }: { readonly since: number | null }) {
  const told = useFromTime((now) => (since === null ? null : roughSpan(now - since)));
  if (told === null) return null;
  return (
    <span className="board-sum" title={`Offered for ${told}`}>
      {told}
    </span>
  );
}

function Marks({ cell }: { readonly cell: BoardCell }) {
  const marks = [
    [cell.failed, 'bad', 'cross', 'failed'],
    [cell.blocked, 'attention', 'triangle', 'blocked'],
    [cell.reboot, 'attention', 'ring', 'to reboot'],
    [cell.updating, 'moving', 'dots', 'updating'],
  ] as const;
  return (
    <span className="board-marks">
      {marks.map(
        ([number, tone, shape, word]) =>
          number > 0 && (
            <span key={word} className={`board-mark tone-${tone}`}>
              <SignMark tone={tone} shape={shape} size={10} /> {number} {word}
            </span>
          ),
      )}
    </span>
  );
}
