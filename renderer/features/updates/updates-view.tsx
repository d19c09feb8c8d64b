import { useMemo, useState } from 'react';
import type { RecordOf } from '#shared/contract/records.ts';
import { useConsole } from '../../state/console.ts';
import { useOperate, usePreference, useSection } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { type GroupPart, printRoute, type Route } from '../../state/routes.ts';
import { Button, Keys } from '../../ui/button.tsx';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { count } from '../../words/amounts.ts';
import { columnWords } from './agent-words.ts';
import { type Board, newGroup, noGroup } from './board.ts';
import { BoardGrid, type BoardPlace } from './board-grid.tsx';
import { GroupPane } from './group-pane.tsx';
import { MovePane, type MoveWish } from './move-pane.tsx';
import { SpreadPart } from './spread-part.tsx';
import { useBoard, useCalmHosts } from './use-board.ts';
import './updates.css';

type UpdatesRoute = Extract<Route, { readonly view: 'updates' }>;

/** The channel board: groups and channels, the policy of each group, and which versions ran over time. */
export function UpdatesView({ route }: { readonly route: UpdatesRoute }) {
  const hosts = useCalmHosts();
  const board = useBoard(hosts);
  if (!board) return <WaitNote what="Reading the update groups…" />;
  if (hosts.size === 0)
    return (
      <EmptyNote title="This cluster has no hosts yet">
        <p>Groups and channels are shown once it has some.</p>
      </EmptyNote>
    );
  return <LaidOut route={route} board={board} hosts={hosts} />;
}

function LaidOut({
  route,
  board,
  hosts,
}: {
  readonly route: UpdatesRoute;
  readonly board: Board;
  readonly hosts: ReadonlyMap<string, RecordOf<'host'>>;
}) {
  const { cluster, group, channel = null, part = 'hosts' } = route;
  const { router } = useConsole();
  const told = useSection('cluster', '', 'updateGroups');
  const server = useSection('cluster', '', 'updateServer');
  const service = useSection('cluster', '', 'updateService');
  const operate = useOperate();
  const [width, setWidth] = usePreference('groupWidth');
  const [wanted, setCursor] = useState<BoardPlace>({ row: 0, column: -1 });
  const [move, setMove] = useState<MoveWish | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const cursor = {
    row: Math.min(wanted.row, board.rows.length - 1),
    column: Math.min(wanted.column, board.columns.length - 1),
  };
  const go = (next: { group: string | null; channel?: string | null; part?: GroupPart }) => {
    setMove(null);
    if (next.group !== group || (next.channel ?? null) !== channel) setSelected(new Set());
    router.go({
      view: 'updates',
      cluster,
      group: next.group,
      ...(next.channel && { channel: next.channel }),
      ...(next.part && { part: next.part }),
    });
  };
  const rowAt = board.rows[cursor.row];
  const columnAt = board.columns[cursor.column] ?? null;
  const openAt = (place: BoardPlace) => {
    setCursor(place);
    const row = board.rows[place.row];
    if (row) go({ group: row.name, channel: board.columns[place.column]?.key ?? null });
  };
  const step = (row: number, column: number) =>
    setCursor({
      row: Math.max(0, Math.min(board.rows.length - 1, cursor.row + row)),
      column: Math.max(-1, Math.min(board.columns.length - 1, cursor.column + column)),
    });
  const named = (next: GroupPart) => {
    if (rowAt?.group) go({ group: rowAt.name, part: next });
  };
  const moveChosen = () => {
    const cell = columnAt && rowAt?.cells.get(columnAt.key);
    const chosen = selected.size > 0 ? [...selected] : (cell?.hosts ?? (cursor.column < 0 ? rowAt?.hosts : null) ?? []);
    if (chosen.length > 0) setMove({ hosts: chosen, group: null, channel: null });
  };
  const isOpen = group !== null || move !== null;
  const close = () => (move ? setMove(null) : go({ group: null }));
  useKeys('Updates', 'view', [
    { keys: 'j', label: 'Next group', run: () => step(1, 0) },
    { keys: 'k', label: 'Group before', run: () => step(-1, 0) },
    { keys: 'l', label: 'Next channel', run: () => step(0, 1) },
    { keys: 'h', label: 'Channel before', run: () => step(0, -1) },
    { keys: 'ArrowDown', run: () => step(1, 0) },
    { keys: 'ArrowUp', run: () => step(-1, 0) },
    { keys: 'ArrowRight', run: () => step(0, 1) },
    { keys: 'ArrowLeft', run: () => step(0, -1) },
    { keys: 'Enter', label: 'Show its hosts', run: () => openAt(cursor) },
    { keys: 'm', label: 'Move hosts to another group or channel', run: moveChosen },
    { keys: 'e', label: 'Edit the policy', run: () => named('policy') },
    { keys: 'r', label: 'Roll out', run: () => named('roll-out') },
    { keys: 'n', label: 'Make a group', run: () => go({ group: newGroup }) },
    ...(isOpen ? [{ keys: 'Escape', label: 'Close the pane', run: close }] : []),
  ]);
  const row = board.rows.find(({ name }) => name === group) ?? null;
  const column = board.columns.find(({ key }) => key === channel) ?? null;
  const groups = board.rows.filter((one) => one.group).length;
  const unread = board.columns.find(({ agent }) => agent === 'unread')?.hosts ?? 0;
  const behind = board.rows.reduce((sum, one) => sum + one.behind, 0);
  const drawn = useMemo(() => drawnSpread(group, row !== null, column), [group, row, column]);
  return (
    <SplitPane
      width={width}
      onWidth={setWidth}
      label={move ? 'Move hosts' : 'Update group'}
      detail={
        move ? (
          <MovePane key={move.hosts.join(' ')} board={board} wish={move} hosts={hosts} onClose={close} />
        ) : group === null ? null : (
          <GroupPane
            key={`${group} ${channel ?? ''}`}
            cluster={cluster}
            name={group}
            row={row}
            column={column}
            part={part}
            hosts={hosts}
            offers={board.offers}
            selected={selected}
            onSelected={setSelected}
            onGo={go}
            onMove={(chosen) => setMove({ hosts: chosen, group: null, channel: null })}
          />
        )
      }
    >
      <div className="updates-page">
        <header className="updates-head">
          <h1>Updates</h1>
          <span className="faint">
            {board.isRead ? `${count(groups, 'group')} · ${count(behind, 'host')} behind` : 'groups not read'}
            {unread > 0 && ` · ${count(unread, 'host')} not read yet`}
            {told && ` · kept ${told.kind === 'etcd' ? 'in the etcd of this cluster' : 'on this console’s disk'}`}
          </span>
          <nav className="updates-places" aria-label="Where updates come from">
            {server && <a href={printRoute({ view: 'update-server', cluster, of: null })}>Update server</a>}
            {(service?.servers.length ?? 0) > 0 && (
              <a href={printRoute({ view: 'update-service', cluster, part: 'groups' })}>Update service</a>
            )}
          </nav>
          <Button
            disabled={!operate}
            title={operate ? undefined : 'The cluster is in observe mode'}
            onClick={() => go({ group: newGroup })}
          >
            Make a group
          </Button>
          <Keys keys="n" />
        </header>
        {told?.problem && (
          <ProblemNote problem={told.problem}>
            <p className="problem-hint">
              {board.isRead
                ? 'The update groups of this cluster cannot be read now: those that were read last are shown.'
                : 'The update groups of this cluster cannot be read now: which hosts belong to which is not known.'}
            </p>
          </ProblemNote>
        )}
        <BoardGrid
          board={board}
          cursor={cursor}
          open={group === null || move ? null : { group, column: channel }}
          onCursor={setCursor}
          onOpen={openAt}
          onDrop={(dropped, place) => {
            setCursor(place);
            const target = board.columns[place.column];
            setMove({
              hosts: dropped,
              group: board.rows[place.row]?.name ?? null,
              channel: target?.agent === 'update-engine' ? target.channel : null,
            });
          }}
        />
        <SpreadPart {...drawn} />
      </div>
    </SplitPane>
  );
}

function drawnSpread(group: string | null, isKnown: boolean, column: Board['columns'][number] | null) {
  if (group === null || !isKnown) return { group: null, column: null, of: 'the whole fleet' };
  const words = group === noGroup ? 'no group' : group;
  return {
    group: group === noGroup ? '' : group,
    column: column?.key ?? null,
    of: column ? `${words}, ${columnWords(column)}` : words,
  };
}
