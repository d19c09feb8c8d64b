import { fail, toProblem } from '#shared/contract/problem.ts';
import type { KeptLock, LockStore } from './lock-store.ts';
import { type Semaphore, withHolder, withoutHolder } from './semaphore.ts';

/** `already`: nothing was written, as it stood so before this call. */
export interface Settled {
  readonly lock: KeptLock;
  readonly already: boolean;
}

const patienceMs = 10_000;

/**
 * Takes a slot for `id`, once: to ask again while it is held is answered with `already`. A lock that is not there is
 * made with one slot, as locksmith does. Rejects with `busy` when all slots are taken, by words that say by whom.
 */
export function takeSlot(store: LockStore, group: string, id: string): Promise<Settled> {
  return settle(store, group, id, true);
}

/** Gives the slot of `id` back; that it holds none is answered with `already`. */
export function giveSlot(store: LockStore, group: string, id: string): Promise<Settled> {
  return settle(store, group, id, false);
}

async function settle(store: LockStore, group: string, id: string, wanted: boolean): Promise<Settled> {
  const until = Date.now() + patienceMs;
  let unsure = false;
  for (;;) {
    const lock = (await store.read(group)) ?? (await makeLock(store, group));
    if (lock) {
      const before = readable(lock);
      if (before.holders.includes(id) === wanted) return { lock, already: !unsure };
      if (wanted && before.holders.length >= before.max) {
        throw fail('busy', `${slotsOf(before.max)} of ${lock.key} taken, by ${before.holders.join(', ') || 'nobody'}`);
      }
      try {
        const next = wanted ? withHolder(before, id) : withoutHolder(before, id);
        return { lock: await store.swap(lock, next), already: false };
      } catch (error) {
        const { code } = toProblem(error);
        if (code !== 'conflict' && code !== 'lost') throw error;
        // What became of a lost write is in the next reading; it may be ours.
        if (code === 'lost') unsure = true;
      }
    }
    if (Date.now() > until) throw fail('busy', `others write the lock of ${group || 'the fleet'} without a pause`);
    await pause(5 + Math.random() * 40);
  }
}

/** Null when another one made it first. */
async function makeLock(store: LockStore, group: string): Promise<KeptLock | null> {
  try {
    return await store.create(group, { max: 1, holders: [] });
  } catch (error) {
    const { code } = toProblem(error);
    if (code !== 'conflict' && code !== 'lost') throw error;
    return null;
  }
}

/** What a lock says; `refused` when it cannot be read. */
export function readable(lock: KeptLock): Semaphore {
  if ('semaphore' in lock.read) return lock.read.semaphore;
  const { problem } = lock.read;
  throw fail('refused', `${lock.key}: ${problem.message}`, problem.hint === undefined ? {} : { hint: problem.hint });
}

function slotsOf(max: number): string {
  return max === 1 ? 'the one slot' : `all ${max} slots`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
