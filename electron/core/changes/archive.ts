import { z } from 'zod';
import { type ArchivedChange, archivedChange, changeId } from '#shared/contract/change.ts';
import { epochMs } from '#shared/contract/ids.ts';
import { fail } from '#shared/contract/problem.ts';
import { keys, type StoredChange } from './stored-change.ts';
import type { EntriesByKey, JournalStore, StoredEntry } from './journal-store.ts';
import { joinLongText, longText, putLongText } from './long-text.ts';

/** Changes kept whole once they are over; older ones keep who, what, where and the hashes, not the texts. */
const mostWhole = 100;
/** Of all of them together, about: etcd keeps 2 GiB by default, for everybody. */
const mostWholeBytes = 64 * 1024 * 1024;
const longestWholeMs = 90 * 24 * 3_600_000;
const mostArchived = 1000;
const mostArchivedBytes = 32 * 1024 * 1024;

const over: ReadonlySet<string> = new Set(['stopped', 'committed', 'rolled-back', 'not-rolled-back']);

/** As changes were folded up first: whole in one key. */
const first = archivedChange.extend({ v: z.literal(1) });
const head = z.object({ v: z.literal(2), id: changeId, endedAt: epochMs.nullable(), body: longText });

const archiveKey = (id: string) => `archive/${id}`;
const bodyKeys = (id: string) => `archive/${id}/`;

/** Which changes are old enough to be folded up: by count and bytes, the oldest first, and by age. */
export function changesToArchive(changes: readonly StoredChange[], now: number): StoredChange[] {
  const ended = changes.filter(({ progress }) => over.has(progress.state)).toSorted((a, b) => endOf(b) - endOf(a));
  let bytes = 0;
  return ended.filter((change, place) => {
    bytes += bytesOf(change);
    return place >= mostWhole || (place > 0 && bytes > mostWholeBytes) || now - endOf(change) > longestWholeMs;
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

/** Folds one change up; what stays is written first, and counts once the change itself is gone in the same revision. */
export async function archiveChange(store: JournalStore, { plan, progress, hosts }: StoredChange): Promise<void> {
  const { id, title, by, at, steps, hash } = plan;
  const record: ArchivedChange = {
    plan: { id, title, by, at, steps, hash },
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

/** Everything archived that can be read, the newest first; drops the oldest beyond what is kept. */
export async function readArchive(store: JournalStore): Promise<ArchivedChange[]> {
  const { entries } = await store.list('archive/');
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const sizes = new Map<string, number>();
  for (const { key, value } of entries) {
    const id = key.split('/')[1] ?? '';
    sizes.set(id, (sizes.get(id) ?? 0) + value.length);
  }
  const found = entries.flatMap((entry) => {
    if (entry.key.split('/').length !== 2) return [];
    try {
      return [joinArchived(byKey, entry)];
    } catch {
      return [];
    }
  });
  const ordered = found.toSorted((a, b) => (b.endedAt ?? b.plan.at) - (a.endedAt ?? a.plan.at));
  let bytes = 0;
  const kept = ordered.filter(
    ({ plan }, place) => place < mostArchived && (bytes += sizes.get(plan.id) ?? 0) <= mostArchivedBytes,
  );
  for (const { plan } of ordered.slice(kept.length, kept.length + 50))
    await store.commit([], [{ delete: archiveKey(plan.id) }, { deletePrefix: bodyKeys(plan.id) }]);
  return kept;
}

/** One archived change; `not-found` where there is none. */
export async function readArchived(store: JournalStore, id: string): Promise<ArchivedChange> {
  const entry = await store.get(archiveKey(id));
  if (!entry) throw fail('not-found', `there is no change ${id}`, { hint: 'The oldest are no longer kept.' });
  const { entries } = await store.list(bodyKeys(id));
  try {
    return joinArchived(new Map(entries.map((one) => [one.key, one])), entry);
  } catch {
    throw fail('protocol', `${archiveKey(id)} in the journal is no archived change`);
  }
}

/** The archived change that an entry is the head of, with its parts by their keys. Throws for what is none. */
export function joinArchived(parts: EntriesByKey, entry: StoredEntry): ArchivedChange {
  const value: unknown = JSON.parse(entry.value);
  const whole = first.safeParse(value);
  if (whole.success) {
    const { v: _v, ...record } = whole.data;
    return record;
  }
  const { id, body } = head.parse(value);
  const said = joinLongText(parts, bodyKeys(id), body);
  if (!said.whole) throw fail('protocol', `${bodyKeys(id)} in the journal is not what was written there`);
  return archivedChange.parse(JSON.parse(said.text));
}
