import { z } from 'zod';
import { type ArchivedChange, archivedChange } from '#shared/contract/change.ts';
import { fail } from '#shared/contract/problem.ts';
import { keys, type StoredChange } from './change-journal.ts';
import type { JournalStore } from './journal-store.ts';

/** Changes kept whole once they are over; older ones keep who, what, where and the hashes, not the texts. */
const mostWhole = 100;
const mostWholeBytes = 64 * 1024 * 1024;
const longestWholeMs = 90 * 24 * 3_600_000;
const mostArchived = 1000;
const mostArchivedBytes = 32 * 1024 * 1024;

const over: ReadonlySet<string> = new Set(['stopped', 'committed', 'rolled-back', 'not-rolled-back']);

const archivedRecord = archivedChange.extend({ v: z.literal(1) });

const archiveKey = (id: string) => `archive/${id}`;

/** Which changes are old enough to be folded up: by count and bytes, the oldest first, and by age. */
export function changesToArchive(changes: readonly StoredChange[], now: number): StoredChange[] {
  const ended = changes.filter(({ progress }) => over.has(progress.state)).toSorted((a, b) => endOf(b) - endOf(a));
  let bytes = 0;
  return ended.filter((change, place) => {
    bytes += bytesOf(change);
    return place >= mostWhole || bytes > mostWholeBytes || now - endOf(change) > longestWholeMs;
  });
}

/** About what it takes in the journal: texts and evidence are nearly all of it. */
function bytesOf({ plan, hosts }: StoredChange): number {
  let bytes = 0;
  for (const text of Object.values(plan.contents)) bytes += text.length;
  for (const { text, evidence } of hosts.values())
    bytes += 200 + text.length + evidence.reduce((sum, one) => sum + 50 + one.text.length, 0);
  return bytes;
}

const endOf = ({ plan, progress }: StoredChange) => progress.endedAt ?? plan.at;

/** Folds one change up, in one revision unless its texts are many; a change that somebody drives again is left alone. */
export async function archiveChange(store: JournalStore, { plan, progress, hosts }: StoredChange): Promise<void> {
  const { id, title, by, at, steps, hash } = plan;
  const record: z.infer<typeof archivedRecord> = {
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

/** Everything archived that can be read, the newest first; drops the oldest beyond what is kept. */
export async function readArchive(store: JournalStore): Promise<ArchivedChange[]> {
  const { entries } = await store.list('archive/');
  const found = entries.flatMap(({ value }) => {
    try {
      return [{ ...archivedRecord.parse(JSON.parse(value)), bytes: value.length }];
    } catch {
      return [];
    }
  });
  const ordered = found.toSorted((a, b) => (b.endedAt ?? b.plan.at) - (a.endedAt ?? a.plan.at));
  let bytes = 0;
  const kept = ordered.filter((one, place) => place < mostArchived && (bytes += one.bytes) <= mostArchivedBytes);
  for (const { plan } of ordered.slice(kept.length, kept.length + 50))
    await store.commit([], [{ delete: archiveKey(plan.id) }]);
  return kept.map(({ bytes: _bytes, v: _v, ...one }) => one);
}

/** One archived change; `not-found` where there is none. */
export async function readArchived(store: JournalStore, id: string): Promise<ArchivedChange> {
  const entry = await store.get(archiveKey(id));
  if (!entry) throw fail('not-found', `there is no change ${id}`, { hint: 'The oldest are no longer kept.' });
  try {
    const { v: _v, ...record } = archivedRecord.parse(JSON.parse(entry.value));
    return record;
  } catch {
    throw fail('protocol', `${archiveKey(id)} in the journal is no archived change`);
  }
}
