import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ActivityEntry } from '#shared/contract/activity.ts';
import { saveText } from '../../parts/save-text.ts';
import { useConsole } from '../../state/console.ts';
import { usePreference } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { MenuButton } from '../../ui/menu.tsx';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx';
import { count } from '../../words/amounts.ts';
import { ActivityDetail } from './activity-detail.tsx';
import { ActivityRow } from './activity-row.tsx';
import { activityCsv, activityJson } from './export-activity.ts';
import { useActivity } from './use-activity.ts';
import './activity.css';

const columns: readonly TableColumn[] = [
  { id: 'at', title: 'When', width: 162 },
  { id: 'outcome', title: 'Outcome', width: 104 },
  { id: 'actor', title: 'Who', width: 90 },
  { id: 'host', title: 'Host', width: 130 },
  { id: 'what', title: 'What', width: 190 },
  { id: 'command', title: 'Command', width: 220, flexible: 1 },
  { id: 'exit', title: 'Exit', width: 48, align: 'end' },
  { id: 'took', title: 'Took', width: 76, align: 'end' },
];

const none: readonly ActivityEntry[] = [];

/** Who did what, when, to which host, with the exact command and its outcome. */
export function ActivityView({ cluster, text }: { readonly cluster: string; readonly text: string }) {
  const { router, notices, link } = useConsole();
  const { page, problem, waiting, more } = useActivity(text);
  const [open, setOpen] = useState<number | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [detailWidth, setDetailWidth] = usePreference('detailWidth');
  const entries = page?.entries ?? none;
  const bySeq = useMemo(() => new Map(entries.map((entry) => [String(entry.seq), entry])), [entries]);
  const rows = useMemo(() => [...bySeq.keys()], [bySeq]);
  const move = (steps: number) => () => {
    const at = cursor === null ? -1 : rows.indexOf(String(cursor));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + steps))];
    if (next === undefined) return;
    setCursor(Number(next));
    if (open !== null) setOpen(Number(next));
    if (at + steps >= rows.length - 1 && rows.length < (page?.total ?? 0)) more();
  };
  useKeys('Activity', 'view', [
    { keys: 'j', label: 'Next entry', run: move(1) },
    { keys: 'ArrowDown', run: move(1) },
    { keys: 'k', label: 'Previous entry', run: move(-1) },
    { keys: 'ArrowUp', run: move(-1) },
    { keys: 'Enter', label: 'Show the entry whole', run: () => setOpen(cursor) },
    { keys: '/', label: 'Filter', run: () => document.querySelector<HTMLInputElement>('[data-filter]')?.focus() },
    {
      keys: 'Escape',
      label: 'Close the entry',
      typing: true,
      run: () => {
        if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
        else setOpen(null);
      },
    },
  ]);
  const exportAs = (kind: 'json' | 'csv') => {
    const work = allEntries((before) => link.call('activity.list', { text, before, limit: 500 })).then((all) =>
      saveText(kind === 'json' ? activityJson(all) : activityCsv(all), `activity.${kind}`),
    );
    notices.watch('The export', work);
  };
  const shown = open === null ? undefined : bySeq.get(String(open));
  return (
    <SplitPane
      width={detailWidth}
      onWidth={setDetailWidth}
      label="Entry"
      detail={shown ? <ActivityDetail entry={shown} onClose={() => setOpen(null)} /> : null}
    >
      <h1 className="unseen">Activity</h1>
      <div className="activity-toolbar" role="toolbar" aria-label="Activity">
        <input
          className="input activity-filter"
          data-filter=""
          type="search"
          aria-label="Filter activity"
          placeholder="Filter by person, host, unit or command"
          value={text}
          onChange={(event) => router.replace({ view: 'activity', cluster, text: event.target.value.slice(0, 200) })}
        />
        <span className="activity-total" role="status">
          {page && count(page.total, 'entry', 'entries')}
        </span>
        {page && <ChainState chain={page.chain} cutAt={text === '' ? page.total + 1 : null} />}
        <MenuButton
          name="Export"
          lines={[
            { label: 'Export as JSON', run: () => exportAs('json') },
            { label: 'Export as CSV', run: () => exportAs('csv') },
          ]}
        >
          <Download size={15} /> Export
        </MenuButton>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {!page && !problem && <WaitNote what="Reading the activity log…" />}
      {page && entries.length === 0 && (
        <EmptyNote title={text === '' ? 'Nothing has been done yet' : 'No entry matches'}>
          <p>
            Unit actions, commands, accepted host keys and changes of cluster files are written here, each with who and
            when.
          </p>
        </EmptyNote>
      )}
      {entries.length > 0 && (
        <VirtualTable
          label="Activity"
          columns={columns}
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
                onPress={() => {
                  setCursor(entry.seq);
                  setOpen(entry.seq);
                }}
              />
            ) : null;
          }}
        />
      )}
    </SplitPane>
  );
}

/** `cutAt` is where the next entry would be: a chain that breaks there lacks its end. */
function ChainState({
  chain,
  cutAt,
}: {
  readonly chain: { readonly ok: boolean; readonly brokenAt: number | null };
  readonly cutAt: number | null;
}) {
  return chain.ok ? (
    <span className="activity-chain" title="Every entry carries the hash of the one before it, and all of them fit">
      <SignMark tone="good" shape="disc" size={10} /> chain holds
    </span>
  ) : (
    <span className="activity-chain activity-broken" role="alert">
      <SignMark tone="bad" shape="cross" size={10} />{' '}
      {chain.brokenAt === cutAt
        ? 'the end of the log was cut off'
        : `chain broken at entry ${chain.brokenAt}: the log was altered from there`}
    </span>
  );
}

async function allEntries(
  read: (before: number | null) => Promise<{ entries: ActivityEntry[]; total: number }>,
): Promise<ActivityEntry[]> {
  const all: ActivityEntry[] = [];
  for (;;) {
    const { entries, total } = await read(all.at(-1)?.seq ?? null);
    all.push(...entries);
    if (entries.length === 0 || all.length >= total) return all;
  }
}
