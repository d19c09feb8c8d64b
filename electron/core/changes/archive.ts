import { z } from 'zod';
import { changePlan, changeStates, hostChange, plannedStep } from '#shared/contract/change.ts';
import { epochMs } from '#shared/contract/ids.ts';
import { keys, type StoredChange } from './change-journal.ts';
import type { JournalStore, StoredEntry } from './journal-store.ts';
import { joinLongText, longText, putLongText } from './long-text.ts';

/** Changes kept whole once they are over; older ones keep who, what, where and the hashes, not the texts. */
const mostWhole = 100;
/** Of all their texts together: etcd keeps 2 GiB by default, for everybody. */
const mostWholeChars = 64_000_000;
const longestWholeMs = 90 * 24 * 3_600_000;
const mostArchived = 1000;

const over: ReadonlySet<string> = new Set(['stopped', 'committed', 'rolled-back', 'not-rolled-back']);

/** What stays of an old change. */
export const archivedChange = z.object({
  plan: changePlan.pick({ id: true, title: true, by: true, at: true, hash: true }).extend({
    steps: z.array(plannedStep.pick({ hosts: true, files: true })),
  }),
  state: z.enum(changeStates),
  endedAt: epochMs.nullable(),
  hosts: z.array(hostChange.pick({ host: true, state: true })),
});
export type ArchivedChange = z.infer<typeof archivedChange>;

/** As changes were folded up first: whole in one key. */
const first = archivedChange.extend({ v: z.literal(1) });
const head = z.object({ v: z.literal(2), id: changePlan.shape.id, endedAt: epochMs.nullable(), body: longText });

const archiveKey = (id: string) => `archive/${id}`;
const bodyKeys = (id: string) => `archive/${id}/`;

/** Which changes are old enough to be folded up: by count and size, the oldest first, and by age. */
export function changesToArchive(changes: readonly StoredChange[], now: number): StoredChange[] {
  const ended = changes.filter(({ progress }) => over.has(progress.state)).toSorted((a, b) => endOf(b) - endOf(a));
  let chars = 0;
  return ended.filter((change, place) => {
    for (const text of Object.values(change.plan.contents)) chars += text.length;
    return place >= mostWhole || (place > 0 && chars > mostWholeChars) || now - endOf(change) > longestWholeMs;
  });
}

const endOf = ({ plan, progress }: StoredChange) => progress.endedAt ?? plan.at;

/** Folds one change up; what stays is written first, and counts once the change itself is gone in the same revision. */
export async function archiveChange(store: JournalStore, { plan, progress, hosts }: StoredChange): Promise<void> {
  const { id, title, by, at, steps, hash } = plan;
  const record: ArchivedChange = {
    plan: { id, title, by, at, hash, steps: steps.map(({ hosts: its, files }) => ({ hosts: its, files })) },
    state: progress.state,
    endedAt: progress.endedAt,
    hosts: [...hosts.values()].map(({ host, state }) => ({ host, state })),
  };
  const body = await putLongText(store, bodyKeys(id), JSON.stringify(record));
  const told: z.infer<typeof head> = { v: 2, id, endedAt: progress.endedAt, body };
  const { made } = await store.commit(
    // A change that somebody drives again is left alone.
    [{ key: keys.owner(id), is: 'absent' }],
    [{ put: archiveKey(id), value: JSON.stringify(told) }, { deletePrefix: keys.change(id) }],
  );
  if (!made) await store.commit([{ key: archiveKey(id), is: 'absent' }], [{ deletePrefix: bodyKeys(id) }]);
}

/** Everything archived that can be read, the newest first; drops the oldest beyond a thousand. */
export async function readArchive(store: JournalStore): Promise<ArchivedChange[]> {
  const { entries } = await store.list('archive/');
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const found = entries.flatMap((entry) => {
    if (entry.key.split('/').length !== 2) return [];
    try {
      return [readArchived(byKey, JSON.parse(entry.value))];
    } catch {
      return [];
    }
  });
  const ordered = found.toSorted((a, b) => (b.endedAt ?? b.plan.at) - (a.endedAt ?? a.plan.at));
  for (const { plan } of ordered.slice(mostArchived, mostArchived + 50))
    await store.commit([], [{ delete: archiveKey(plan.id) }, { deletePrefix: bodyKeys(plan.id) }]);
  return ordered.slice(0, mostArchived);
}

function readArchived(entries: ReadonlyMap<string, StoredEntry>, value: unknown): ArchivedChange {
  const whole = first.safeParse(value);
  if (whole.success) return whole.data;
  const { id, body } = head.parse(value);
  return archivedChange.parse(JSON.parse(joinLongText(entries, bodyKeys(id), body)));
}
