import { z } from 'zod';
import { changePlan, changeStates, hostChange } from '#shared/contract/change.ts';
import { epochMs } from '#shared/contract/ids.ts';
import { keys, type StoredChange } from './change-journal.ts';
import type { JournalStore } from './journal-store.ts';

/** Changes kept whole once they are over; older ones keep who, what, where and the hashes, not the texts. */
const mostWhole = 100;
const longestWholeMs = 90 * 24 * 3_600_000;
const mostArchived = 1000;

const over: ReadonlySet<string> = new Set(['stopped', 'committed', 'rolled-back', 'not-rolled-back']);

/** What stays of an old change. */
export const archivedChange = z.object({
  v: z.literal(1),
  plan: changePlan.pick({ id: true, title: true, by: true, at: true, steps: true, hash: true }),
  state: z.enum(changeStates),
  endedAt: epochMs.nullable(),
  hosts: z.array(hostChange.pick({ host: true, state: true })),
});
export type ArchivedChange = z.infer<typeof archivedChange>;

const archiveKey = (id: string) => `archive/${id}`;

/** Which changes are old enough to be folded up: by count, the oldest first, and by age. */
export function changesToArchive(changes: readonly StoredChange[], now: number): StoredChange[] {
  const ended = changes.filter(({ progress }) => over.has(progress.state)).toSorted((a, b) => endOf(b) - endOf(a));
  return ended.filter((change, place) => place >= mostWhole || now - endOf(change) > longestWholeMs);
}

const endOf = ({ plan, progress }: StoredChange) => progress.endedAt ?? plan.at;

/** Folds one change up, in one revision unless its texts are many; a change that somebody drives again is left alone. */
export async function archiveChange(store: JournalStore, { plan, progress, hosts }: StoredChange): Promise<void> {
  const { id, title, by, at, steps, hash } = plan;
  const record: ArchivedChange = {
    v: 1,
    plan: { id, title, by, at, steps, hash },
    state: progress.state,
    endedAt: progress.endedAt,
    hosts: [...hosts.values()].map(({ host, state }) => ({ host, state })),
  };
  await store.commit(
    [{ key: keys.owner(id), is: 'absent' }],
    [{ put: archiveKey(id), value: JSON.stringify(record) }, { deletePrefix: keys.change(id) }],
  );
}

/** Everything archived that can be read, the newest first; drops the oldest beyond a thousand. */
export async function readArchive(store: JournalStore): Promise<ArchivedChange[]> {
  const { entries } = await store.list('archive/');
  const found = entries.flatMap(({ value }) => {
    try {
      return [archivedChange.parse(JSON.parse(value))];
    } catch {
      return [];
    }
  });
  const ordered = found.toSorted((a, b) => (b.endedAt ?? b.plan.at) - (a.endedAt ?? a.plan.at));
  for (const { plan } of ordered.slice(mostArchived, mostArchived + 50))
    await store.commit([], [{ delete: archiveKey(plan.id) }]);
  return ordered.slice(0, mostArchived);
}
