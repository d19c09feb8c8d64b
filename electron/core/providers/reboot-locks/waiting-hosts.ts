import type { Records } from '#core/fleet/records.ts';
import type { LockWaiter, RebootLock } from '#shared/contract/reboot-lock.ts';
import { lockOf, wantsLock } from '#shared/lib/update/wanted-lock.ts';

type Lock = Pick<RebootLock, 'kind' | 'group'> & { readonly holders: readonly { readonly host: string | null }[] };

/** Which hosts wait for a lock, by what their agents say, and since when this console saw them wait. */
export class WaitingHosts {
  readonly #records: Records;
  readonly #now: () => number;
  /** Null: it waited already when it was first read. A host that is not here does not wait. */
  #since = new Map<string, number | null>();
  #read = new Set<string>();

  constructor(records: Records, now: () => number) {
    this.#records = records;
    this.#now = now;
  }

  /** For each lock those that wait for it, the longest first; a host that holds it does not wait. */
  of(locks: readonly Lock[]): LockWaiter[][] {
    const now = this.#now();
    const since = new Map<string, number | null>();
    const read = new Set<string>();
    const waiting = locks.map((): LockWaiter[] => []);
    for (const host of this.#records.ids('host')) {
      const update = this.#records.get('host', host, 'update');
      if (!update) continue;
      read.add(host);
      if (!wantsLock(update, now)) continue;
      const at = placeOf(locks, lockOf(update));
      const lock = locks[at];
      if (!lock || lock.holders.some((holder) => holder.host === host)) continue;
      const from = this.#since.get(host);
      const began = from === undefined ? (this.#read.has(host) ? now : null) : from;
      since.set(host, began);
      waiting[at]?.push({ host, since: began });
    }
    this.#since = since;
    this.#read = read;
    return waiting.map((each) => each.toSorted((a, b) => (a.since ?? 0) - (b.since ?? 0)));
  }
}

/** Where its agent does not tell the group, it is the only lock of its kind, or the one without a name. */
function placeOf(locks: readonly Lock[], wanted: ReturnType<typeof lockOf>): number {
  if (!wanted) return -1;
  const { kind, group } = wanted;
  const named = locks.findIndex((lock) => lock.kind === kind && lock.group === (group ?? ''));
  if (named !== -1 || group !== null) return named;
  const own = locks.flatMap((lock, at) => (lock.kind === kind ? [at] : []));
  return own.length === 1 ? (own[0] ?? -1) : -1;
}
