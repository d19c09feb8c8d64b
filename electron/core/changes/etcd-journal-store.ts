import { toProblem } from '#shared/contract/problem.ts';
import type { EtcdConnection } from '../etcd/connect-etcd.ts';
import type { EtcdKeyValue } from '../etcd/key-values.ts';
import type { EtcdCompare, EtcdOp } from '../etcd/transaction.ts';
import { checkCommit } from './check-commit.ts';
import type { JournalStore, StoredEntry, StoreGuard, StoreStep } from './journal-store.ts';

/** How often a list begins anew when etcd was compacted between two of its pages. */
const listAttempts = 3;

/** The journal in etcd, below `root`, which callers do not see in their keys. */
export function etcdJournalStore(etcd: EtcdConnection, root: string): JournalStore {
  const toEntry = ({ key, value, createRevision, modRevision }: EtcdKeyValue): StoredEntry => ({
    key: key.toString().slice(root.length),
    value: value.toString(),
    created: createRevision,
    modified: modRevision,
  });
  const toCompare = (guard: StoreGuard): EtcdCompare => {
    const on = root + guard.key;
    if (guard.is === 'absent') return { on, is: '=', target: 'version', to: 0 };
    return { on, is: '=', target: guard.is === 'created' ? 'create' : 'mod', to: guard.at };
  };
  const toOp = (step: StoreStep): EtcdOp => {
    if ('delete' in step) return { delete: root + step.delete };
    if ('deletePrefix' in step) return { delete: { prefix: root + step.deletePrefix } };
    return { put: root + step.put, value: step.value, ...(step.lease === undefined ? {} : { lease: step.lease }) };
  };
  return {
    kind: 'etcd',
    async get(key) {
      const { found } = await etcd.get(root + key);
      return found && toEntry(found);
    },
    async list(prefix) {
      for (let attempt = 1; ; attempt++) {
        try {
          const entries: StoredEntry[] = [];
          let revision = 0;
          for await (const page of etcd.pages({ prefix: root + prefix })) {
            revision = page.revision;
            entries.push(...page.keys.map(toEntry));
          }
          return { revision, entries };
        } catch (error) {
          if (attempt === listAttempts || toProblem(error).code !== 'stale') throw error;
        }
      }
    },
    async commit(guards, steps) {
      checkCommit(steps);
      const { succeeded, revision } = await etcd.txn({ compare: guards.map(toCompare), success: steps.map(toOp) });
      return { made: succeeded, revision };
    },
    watch: (prefix, news, trouble) =>
      etcd.watchPrefix(root + prefix, null, {
        snapshot: (keys, revision) => news({ reset: true, revision, changed: keys.map(toEntry), gone: [] }),
        change: ({ revision, changes }) => {
          const changed: StoredEntry[] = [];
          const gone: string[] = [];
          for (const change of changes) {
            if (change.type === 'delete') gone.push(change.key.toString().slice(root.length));
            else changed.push(toEntry(change.kv));
          }
          news({ reset: false, revision, changed, gone });
        },
        state: (state, problem) => trouble(state === 'live' ? null : problem),
      }),
    async lease(ttlSeconds, onLost) {
      const lease = await etcd.grantLease(ttlSeconds, onLost);
      return {
        id: lease.id,
        ttlSeconds: lease.ttlSeconds,
        get aliveUntil() {
          return lease.aliveUntil;
        },
        release: () => lease.revoke(),
      };
    },
  };
}
