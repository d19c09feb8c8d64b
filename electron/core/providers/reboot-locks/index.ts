import type { EtcdConnection } from '#core/etcd/connect-etcd.ts';
import { airlockLocks } from './airlock/airlock-locks.ts';
import type { LockStore } from './lock-store.ts';
import { locksmithLocks } from './locksmith/locksmith-locks.ts';

/** Every place where reboot locks may be kept in a cluster's etcd. */
export function lockStores(etcd: EtcdConnection): LockStore[] {
  return [locksmithLocks(etcd.v2), airlockLocks(etcd)];
}
