import { useMemo, useState } from 'react';
import type { ActivityEntry } from '#shared/contract/activity.ts';
import { useConsole } from '../../state/console.ts';
import { usePreference } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import type { Route } from '../../state/routes.ts';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx';
import { ActivityRow } from './activity-row.tsx';
import { ActivityToolbar } from './activity-toolbar.tsx';
import { LinkedEntry } from './linked-entry.tsx';
import { useActivity } from './use-activity.ts';
import './activity.css';

const columns: readonly TableColumn[] = [
  { id: 'at', title: 'When', width: 162 },
  { id: 'outcome', title: 'Outcome', width: 104 },
  { id: 'actor', title: 'Who', width: 90 },
  { id: 'cluster', title: 'Cluster', width: 110 },
  { id: 'host', title: 'Host', width: 130 },
  { id: 'what', title: 'What', width: 190, flexible: 1 },
  { id: 'command', title: 'Command', width: 220, flexible: 1 },
  { id: 'exit', title: 'Exit', width: 48, align: 'end' },
  { id: 'took', title: 'Took', width: 76, align: 'end' },
];
const ownColumns = columns.filter(({ id }) => id !== 'cluster');

const none: readonly ActivityEntry[] = [];
/** So much of a hash names an entry in an address. */
const hashChars = 16;

/** Who did what, when, to which host, with the exact command and its outcome: in this cluster, or in all. */
export function ActivityView({ route }: { readonly route: Extract<Route, { readonly view: 'activity' }> }) {
  const { router } = useConsole();
  const { cluster, text, all = false, entry: open = null } = route;
  const { page, problem, waiting, more } = useActivity(text, all ? null : cluster);
  const [moved, setMoved] = useState<number | null>(null);
  const [detailWidth, setDetailWidth] = usePreference('detailWidth');
  const entries = page?.entries ?? none;
  const bySeq = useMemo(() => new Map(entries.map((entry) => [String(entry.seq), entry])), [entries]);
  const rows = useMemo(() => [...bySeq.keys()], [bySeq]);
  const shown = open === null ? undefined : entries.find(({ hash }) => hash.startsWith(open));
  const cursor = moved ?? shown?.seq ?? null;
  const show = (entry: ActivityEntry | null) => {
    const { entry: _open, ...rest } = route;
    router.replace(entry === null ? rest : { ...rest, entry: entry.hash.slice(0, hashChars) });
  };
  const move = (steps: number) => () => {
    const at = cursor === null ? -1 : rows.indexOf(String(cursor));
    const next = bySeq.get(rows[Math.max(0, Math.min(rows.length - 1, at + steps))] ?? '');
    if (next === undefined) return;
    setMoved(next.seq);
    if (open !== null) show(next);
    if (at + steps >= rows.length - 1 && rows.length < (page?.total ?? 0)) more();
  };
  useKeys('Activity', 'view', [
    { keys: 'j', label: 'Next entry', run: move(1) },
    { keys: 'ArrowDown', run: move(1) },
    { keys: 'k', label: 'Previous entry', run: move(-1) },
    { keys: 'ArrowUp', run: move(-1) },
    { keys: 'Enter', label: 'Show the entry whole', run: () => show(bySeq.get(String(cursor)) ?? null) },
    { keys: '/', label: 'Filter', run: () => document.querySelector<HTMLInputElement>('[data-filter]')?.focus() },
    {
      keys: 'Escape',
      label: 'Close the entry',
      typing: true,
      run: () => {
        if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
        else show(null);
      },
    },
  ]);
  return (
    <SplitPane
      width={detailWidth}
      onWidth={setDetailWidth}
      label="Entry"
      detail={open === null ? null : <LinkedEntry hash={open} entry={shown} onClose={() => show(null)} />}
    >
      <h1 className="unseen">Activity</h1>
      <ActivityToolbar route={route} page={page} />
      {problem && <ProblemNote problem={problem} />}
      {!page && !problem && <WaitNote what="Reading the activity log…" />}
      {page && entries.length === 0 && (
        <EmptyNote
          title={text !== '' ? 'No entry matches' : all ? 'Nothing has been done yet' : 'Nothing done here yet'}
        >
          <p>
            Unit actions, commands, changes, documents, accepted host keys and changes of cluster files are written
            here, each with who and when.
          </p>
        </EmptyNote>
      )}
      {entries.length > 0 && (
        <VirtualTable
          label="Activity"
          columns={all ? columns : ownColumns}
          rows={rows}
          cursor={cursor === null ? null : String(cursor)}
          onVisible={(keys) => {
            if (!waiting && keys.at(-1) === rows.at(-1) && rows.length < (page?.total ?? 0)) more();
          }}
          renderRow={(key, place) => {
            const entry = bySeq.get(key);
            return entry ? (
              <ActivityRow
                key={key}
                entry={entry}
                place={place}
                cursor={cursor === entry.seq}
                all={all}
                onPress={() => {
                  setMoved(entry.seq);
                  show(entry);
                }}
              />
            ) : null;
          }}
        />
      )}
    </SplitPane>
  );
}
