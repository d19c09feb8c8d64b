import { z } from 'zod';
import type { EtcdConnection } from '#core/etcd/connect-etcd.ts';
import type { EtcdKeyValue } from '#core/etcd/key-values.ts';
import type { EtcdTxn } from '#core/etcd/transaction.ts';
import type { Scope } from '#core/lib/scope.ts';
import { fail } from '#shared/contract/problem.ts';
import { escapeGroup, type KeptLock, type LocksHeard, type LockStore, readGroup } from '../lock-store.ts';
import { lockGroup } from '#shared/contract/reboot-lock.ts';
import { holders, readSemaphore, type Semaphore, slots } from '../semaphore.ts';

const root = 'com.coreos.airlock/groups/';
const ending = '/v1/semaphore';

const written = z
  .strictObject({ total_slots: slots, holders })
  .transform(({ total_slots, holders }): Semaphore => ({ max: total_slots, holders }));

/** airlock's locks among etcd's v3 keys, as its server writes them for zincati's FleetLock calls. */
export function airlockLocks(etcd: EtcdConnection): LockStore {
  const print = ({ max, holders }: Semaphore) => JSON.stringify({ total_slots: max, holders });
  const keyOf = (group: string) => {
    if (group === '') throw fail('invalid-input', 'a group of airlock has a name');
    return `${root}${escapeGroup(group)}${ending}`;
  };
  const list = async () => {
    const pairs: EtcdKeyValue[] = [];
    for await (const page of etcd.pages({ prefix: root })) pairs.push(...page.keys);
    return allKept(pairs);
  };
  const read = async (group: string) => {
    const { found } = await etcd.get(keyOf(group));
    return found ? kept(found) : null;
  };
  const write = async (key: string, compare: EtcdTxn['compare'], next: Semaphore): Promise<KeptLock> => {
    const text = print(next);
    const outcome = await etcd.txn({ compare, success: [{ put: key, value: text }] });
    if (!outcome.succeeded) throw fail('conflict', `${key} was written by another one`);
    return { group: groupOf(key) ?? '', key, text, revision: outcome.revision, read: { semaphore: next } };
  };
  return {
    kind: 'airlock',
    list,
    read,
    create: (group, first) => write(keyOf(group), [{ on: keyOf(group), is: '=', target: 'version', to: 0 }], first),
    // airlock compares the key's version; the revision is stricter: a key removed and made anew counts from one again.
    swap: (before, next) => write(before.key, [{ on: before.key, is: '=', target: 'mod', to: before.revision }], next),
    print,
    follow: (scope, heard) => follow(etcd, scope, heard),
  };
}

function follow(etcd: EtcdConnection, scope: Scope, heard: LocksHeard): () => void {
  const locks = new Map<string, EtcdKeyValue>();
  const tell = () => {
    if (!scope.ended) heard.locks(allKept([...locks.values()]));
  };
  const stop = etcd.watchPrefix(root, null, {
    snapshot(pairs) {
      locks.clear();
      for (const pair of pairs) locks.set(pair.key.toString(), pair);
      tell();
    },
    change({ changes }) {
      for (const change of changes) {
        if (change.type === 'put') locks.set(change.kv.key.toString(), change.kv);
        else locks.delete(change.key.toString());
      }
      tell();
    },
    state(state, problem) {
      if (scope.ended) return;
      if (state === 'live') tell();
      else if (problem) heard.problem(problem);
    },
  });
  scope.add(stop);
  // Told of each write as it is made; a list beside the watch could only be older than what it told.
  return () => {};
}

function allKept(pairs: readonly EtcdKeyValue[]): KeptLock[] {
  return pairs.flatMap((pair) => kept(pair) ?? []);
}

function kept(pair: EtcdKeyValue): KeptLock | null {
  const key = pair.key.toString();
  const group = groupOf(key);
  if (group === null) return null;
  const text = pair.value.toString();
  return { group, key, text, revision: pair.modRevision, read: readSemaphore(text, written, 'airlock') };
}

function groupOf(key: string): string | null {
  if (!key.startsWith(root) || !key.endsWith(ending)) return null;
  const group = readGroup(key.slice(root.length, -ending.length));
  return group !== '' && lockGroup.safeParse(group).success ? group : null;
}
