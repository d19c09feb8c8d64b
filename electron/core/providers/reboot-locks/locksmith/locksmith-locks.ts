import { z } from 'zod';
import type { EtcdV2Keys, V2KeyValue } from '#core/etcd/v2-keys.ts';
import type { Scope } from '#core/lib/scope.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import { lockGroup } from '#shared/contract/reboot-lock.ts';
import { escapeGroup, type KeptLock, type LocksHeard, type LockStore, readGroup } from '../lock-store.ts';
import { holders, readSemaphore, type Semaphore, slots } from '../semaphore.ts';

const root = '/coreos.com/updateengine/rebootlock';
const everyMs = 3000;
/** An etcd without the v2 API gets one only by being started anew. */
const unsupportedEveryMs = 30_000;

/** locksmith counts free slots down from `max`; lowered below its holders, that number is negative. */
const written = z
  .strictObject({ semaphore: z.int(), max: slots, holders })
  .refine(({ semaphore, max, holders }) => semaphore === max - holders.length, {
    message: 'semaphore is not max less the holders',
    path: ['semaphore'],
  })
  .transform(({ max, holders }): Semaphore => ({ max, holders }));

/** locksmith's locks: `prevIndex` on etcd's v2 keys, as locksmithd and locksmithctl write them. */
export function locksmithLocks(v2: EtcdV2Keys): LockStore {
  const kept = (pair: V2KeyValue, group: string): KeptLock => ({
    group,
    key: pair.key,
    text: pair.value,
    revision: pair.index,
    read: readSemaphore(pair.value, written, 'locksmith'),
  });
  const list = async () =>
    (await v2.list(root)).flatMap((pair) => {
      const group = groupOf(pair.key);
      return group === null ? [] : [kept(pair, group)];
    });
  const print = ({ max, holders }: Semaphore) => JSON.stringify({ semaphore: max - holders.length, max, holders });
  return {
    kind: 'locksmith',
    list,
    async read(group) {
      const pair = await v2.get(keyOf(group));
      return pair ? kept(pair, group) : null;
    },
    async create(group, first) {
      return kept(await v2.create(keyOf(group), print(first)), group);
    },
    async swap(before, next) {
      return kept(await v2.swap(before.key, print(next), before.revision), before.group);
    },
    print,
    follow: (scope, heard) => poll(scope, list, heard),
  };
}

function poll(scope: Scope, list: () => Promise<KeptLock[]>, heard: LocksHeard): () => void {
  let round = 0;
  const ask = async () => {
    const mine = ++round;
    let pauseMs = everyMs;
    try {
      const locks = await list();
      if (mine === round && !scope.ended) heard.locks(locks);
    } catch (error) {
      const problem = toProblem(error);
      if (mine === round && !scope.ended) heard.problem(problem);
      if (problem.code === 'unsupported') pauseMs = unsupportedEveryMs;
    }
    // One that asked meanwhile goes on from there.
    if (mine === round) scope.after(pauseMs, () => mine === round && void ask());
  };
  void ask();
  return () => void ask();
}

function keyOf(group: string): string {
  if (group === '') return `${root}/semaphore`;
  if (group === '.' || group === '..') throw fail('invalid-input', `${group} cannot be the name of a group`);
  return `${root}/groups/${escapeGroup(group)}/semaphore`;
}

function groupOf(key: string): string | null {
  if (key === `${root}/semaphore`) return '';
  const escaped = /^\/coreos\.com\/updateengine\/rebootlock\/groups\/([^/]+)\/semaphore$/.exec(key)?.[1];
  const group = escaped === undefined ? null : readGroup(escaped);
  return lockGroup.safeParse(group).success ? group : null;
}
