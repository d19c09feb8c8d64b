import { Download } from 'lucide-react';
import type { ActivityEntry } from '#shared/contract/activity.ts';
import type { CallOutput } from '#shared/contract/calls.ts';
import { saveText } from '../../parts/save-text.ts';
import { useConsole } from '../../state/console.ts';
import type { Route } from '../../state/routes.ts';
import { Segments } from '../../ui/field.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { activityCsv, activityJson } from './export-activity.ts';
import { wanted } from './use-activity.ts';

type ActivityRoute = Extract<Route, { readonly view: 'activity' }>;

/** What of the log is shown, how much that is, whether its chain holds, and the ways to take it along. */
export function ActivityToolbar({
  route,
  page,
}: {
  readonly route: ActivityRoute;
  readonly page: CallOutput<'activity.list'> | null;
}) {
  const { router, notices, link } = useConsole();
  const { cluster, text, all = false } = route;
  const show = (text: string, all: boolean) =>
    router.replace({ view: 'activity', cluster, text, ...(all && { all: true as const }) });
  const exportAs = (kind: 'json' | 'csv') => {
    const which = wanted(text, all ? null : cluster);
    const work = allEntries((before) => link.call('activity.list', { ...which, before, limit: 500 })).then((entries) =>
      saveText(kind === 'json' ? activityJson(entries) : activityCsv(entries), `activity.${kind}`),
    );
    notices.watch('The export', work);
  };
  return (
    <div className="activity-toolbar" role="toolbar" aria-label="Activity">
      <input
        className="input activity-filter"
        data-filter=""
        type="search"
        aria-label="Filter activity"
        placeholder="Filter by person, host, unit or command"
        value={text}
        onChange={(event) => show(event.target.value.slice(0, 200), all)}
      />
      <Segments
        label="Clusters"
        value={all ? 'all' : 'this'}
        options={[
          { value: 'this', label: 'This cluster' },
          { value: 'all', label: 'All clusters' },
        ]}
        onChange={(value) => show(text, value === 'all')}
      />
      <span className="activity-total" role="status">
        {page && count(page.total, 'entry', 'entries')}
      </span>
      {page && <ChainState chain={page.chain} cutAt={text === '' && all ? page.total + 1 : null} />}
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

/** Every entry there is, page after page. */
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
