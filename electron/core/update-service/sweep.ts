import { compareVersions } from '#shared/lib/update-service/versions.ts';
import { toProblem } from '#shared/contract/problem.ts';
import type { ServiceInstance } from '#shared/contract/update-service.ts';
import type { JournalStore } from '../changes/journal-store.ts';
import { parseStored } from '../documents/stored-values.ts';
import type { Log } from '../lib/log.ts';
import { activityStep } from './activity-step.ts';
import { keys, stored, storedText } from './stored.ts';

const forgottenAfterMs = 60 * 86_400_000;
const countedForMs = 86_400_000;
const mostActivity = 500;
const atOnce = 100;

interface Tidying {
  readonly store: JournalStore;
  readonly log: Log;
  readonly now: () => number;
}

/** Every instance with the revision at which it was written; what cannot be read is left out and told. */
export async function listInstances(
  store: JournalStore,
  log: Log,
): Promise<{ revision: number; value: ServiceInstance }[]> {
  const { entries } = await store.list(keys.instances);
  return entries.flatMap((entry) => {
    try {
      return [{ revision: entry.modified, value: parseStored(stored.instances, entry).value }];
    } catch (error) {
      log.warn('an instance cannot be read', { key: entry.key, problem: toProblem(error).message });
      return [];
    }
  });
}

/** Forgets machines that were not heard for two months, and what is old of the activity; answers how many machines there are. */
export async function sweep({ store, log, now }: Tidying): Promise<number> {
  const instances = await listInstances(store, log);
  const old = instances.filter(({ value }) => now() - value.lastCheckAt > forgottenAfterMs);
  for (const { revision, value } of old) {
    const key = keys.instances + value.id;
    await store.commit([{ key, is: 'modified', at: revision }], [{ delete: key }]);
  }
  const { entries } = await store.list(keys.activity);
  const gone = entries.slice(0, Math.max(0, entries.length - mostActivity)).map(({ key }) => ({ delete: key }));
  for (let at = 0; at < gone.length; at += atOnce) await store.commit([], gone.slice(at, at + atOnce));
  return instances.length - old.length;
}

/** Writes down that a roll-out is over once every machine of the group that was heard within a day has its version. */
export async function finishRollout({ store, log, now }: Tidying, group: string): Promise<boolean> {
  const key = keys.ledgers + group;
  const [ledgerEntry, groupEntry] = await Promise.all([store.get(key), store.get(keys.groups + group)]);
  if (!ledgerEntry || !groupEntry) return false;
  const ledger = parseStored(stored.ledgers, ledgerEntry).value;
  const { rollout } = ledger;
  if (rollout?.state !== 'running') return false;
  const counted = (await listInstances(store, log)).filter(
    ({ value }) => value.group === group && now() - value.lastCheckAt < countedForMs,
  );
  const all = counted.every(({ value }) => (compareVersions(value.version, rollout.version) ?? -1) >= 0);
  if (counted.length === 0 || !all) return false;
  const { name } = parseStored(stored.groups, groupEntry).value;
  const entry = { at: now(), class: 'rollout finished', severity: 'success', group: name, channel: '' } as const;
  const { made } = await store.commit(
    [{ key, is: 'modified', at: ledgerEntry.modified }],
    [
      { put: key, value: storedText({ ...ledger, rollout: { ...rollout, state: 'finished' } }) },
      activityStep({ ...entry, version: rollout.version, instance: '', text: '' }),
    ],
  );
  return made;
}
