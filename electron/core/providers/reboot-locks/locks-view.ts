import type { Problem } from '#shared/contract/problem.ts';
import type { LockHolder, RebootLock, RebootLocks } from '#shared/contract/reboot-lock.ts';
import type { HolderHosts } from './holder-hosts.ts';
import type { KeptLock, LockStore } from './lock-store.ts';

/** A pause between readings after which a holder that is new may have come at any time of it. */
const surelySeenMs = 15_000;
const mostLocks = 500;

/** One place of locks as it was last told, with when each holder was first seen there. */
export class WatchedPlace {
  readonly store: LockStore;
  readonly #now: () => number;
  /** By group, then holder; null when it was there before. */
  #seen = new Map<string, Map<string, number | null>>();
  #locks: readonly KeptLock[] = [];
  #place: RebootLocks['places'][number];
  #quiet = true;

  constructor(store: LockStore, now: () => number) {
    this.store = store;
    this.#now = now;
    this.#place = { kind: store.kind, state: 'reading', readAt: null, problem: null };
  }

  /** Readings follow one another without a gap until the next problem; a holder that is new after one has no time. */
  hear(locks: readonly KeptLock[]): void {
    const now = this.#now();
    const { readAt } = this.#place;
    const surely = !this.#quiet || (readAt !== null && now - readAt < surelySeenMs);
    this.#quiet = false;
    const seen = new Map<string, Map<string, number | null>>();
    for (const { group, read } of locks) {
      const before = this.#seen.get(group);
      const of = new Map<string, number | null>();
      for (const id of 'semaphore' in read ? read.semaphore.holders : [])
        of.set(id, before?.has(id) ? (before.get(id) ?? null) : surely ? now : null);
      // A value that cannot be read for a while does not make its holders new.
      seen.set(group, 'semaphore' in read ? of : (before ?? of));
    }
    this.#seen = seen;
    this.#locks = locks.slice(0, mostLocks);
    const problem: Problem | null =
      locks.length > mostLocks
        ? { code: 'unsupported', message: `${locks.length} locks are kept here; the first ${mostLocks} are shown` }
        : null;
    this.#place = { kind: this.store.kind, state: 'live', readAt: now, problem };
  }

  /** What was told last stays, and says of when it is. */
  fail(problem: Problem): void {
    this.#quiet = true;
    this.#place = { ...this.#place, state: problem.code === 'unsupported' ? 'unsupported' : 'lost', problem };
  }

  get place(): RebootLocks['places'][number] {
    return this.#place;
  }

  /** Who waits is told by hosts, not here. */
  locks(hosts: HolderHosts): RebootLock[] {
    return this.#locks.map(({ group, key, revision, read }) => {
      const about = { kind: this.store.kind, group, key, revision };
      if ('problem' in read) return { ...about, max: null, holders: [], waiting: [], problem: read.problem };
      const { max, holders: ids } = read.semaphore;
      const found = hosts.resolve(ids);
      const holders = ids.map((id, at): LockHolder => {
        const since = this.#seen.get(group)?.get(id) ?? null;
        return { id, since, ...(found[at] ?? { host: null, gone: true, evidence: '' }) };
      });
      return { ...about, max, holders, waiting: [], problem: null };
    });
  }
}
