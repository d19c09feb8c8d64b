import { fail, toProblem } from '#shared/contract/problem.ts';
import type { LockEdit, LockPlan } from '#shared/contract/reboot-lock.ts';
import type { KeptLock, LockStore } from './lock-store.ts';
import { type Semaphore, withoutHolder } from './semaphore.ts';
import { readable } from './take-and-give.ts';

/** What an edit would write now; rejects with `stale` when it has nothing to act on any more. */
export async function planLockEdit(
  store: LockStore,
  group: string,
  edit: LockEdit,
  warn: (semaphore: Semaphore) => string[],
): Promise<LockPlan> {
  const lock = await store.read(group);
  if (!lock) throw fail('not-found', `there is no lock of ${group || 'the fleet'} any more`);
  const semaphore = readable(lock);
  const { kind, print } = store;
  const after = print(edited(lock, semaphore, edit));
  return { kind, group, key: lock.key, revision: lock.revision, before: lock.text, after, warnings: warn(semaphore) };
}

/**
 * Writes an edit over the value at `revision` and no other: when the lock moved since, nothing is written and it
 * rejects with `stale` and what the lock says now.
 */
export async function editLock(store: LockStore, group: string, edit: LockEdit, revision: number) {
  const lock = await store.read(group);
  if (!lock || lock.revision !== revision) throw moved(lock);
  try {
    return { before: lock, after: await store.swap(lock, edited(lock, readable(lock), edit)) };
  } catch (error) {
    if (toProblem(error).code !== 'conflict') throw error;
    throw moved(await store.read(group));
  }
}

function edited(lock: KeptLock, semaphore: Semaphore, edit: LockEdit): Semaphore {
  if (edit.verb === 'set-max') return { max: edit.max, holders: semaphore.holders };
  if (!semaphore.holders.includes(edit.holder)) throw moved(lock);
  return withoutHolder(semaphore, edit.holder);
}

function moved(lock: KeptLock | null) {
  const now = lock ? `it says now: ${lock.text.slice(0, 500)}` : 'it is no longer there';
  return fail('stale', `the lock moved since you looked; ${now}`, {
    hint: 'Nothing was written. Look at who holds it now, then decide again.',
  });
}
