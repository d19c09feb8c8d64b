import type { EtcdConnection } from '#core/etcd/connect-etcd.ts';
import type { Records } from '#core/fleet/records.ts';
import { airlockLocks } from '#core/providers/reboot-locks/airlock/airlock-locks.ts';
import {
  fleetLock,
  type FleetLock,
  type FleetLockClient,
} from '#core/providers/reboot-locks/fleetlock/fleetlock-client.ts';
import type { LockStore } from '#core/providers/reboot-locks/lock-store.ts';
import { locksmithLocks } from '#core/providers/reboot-locks/locksmith/locksmith-locks.ts';
import { zincatiId } from '#core/providers/reboot-locks/zincati-id.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { HostUpdate } from '#shared/contract/update.ts';

/** The lock that a host's slot is in, and by which id it goes there. */
export type HostLock =
  | {
      readonly kind: 'store';
      readonly name: string;
      readonly store: LockStore;
      readonly group: string;
      readonly id: string;
    }
  | {
      readonly kind: 'fleet-lock';
      readonly name: string;
      readonly url: string;
      readonly server: FleetLock;
      readonly client: FleetLockClient;
    }
  | { readonly kind: 'none'; readonly text: string };

export interface HostLocksOptions {
  readonly records: Pick<Records, 'get'>;
  readonly etcd: () => EtcdConnection | null;
  readonly signal: AbortSignal;
}

const stores = new WeakMap<EtcdConnection, { locksmith: LockStore; airlock: LockStore }>();

/** The two kinds of locks that a cluster's etcd may keep. */
export function storesOf(etcd: EtcdConnection): { locksmith: LockStore; airlock: LockStore } {
  let both = stores.get(etcd);
  if (!both) stores.set(etcd, (both = { locksmith: locksmithLocks(etcd.v2), airlock: airlockLocks(etcd) }));
  return both;
}

/**
 * Which lock a host uses: the one that its own agent's strategy names, else the one that is kept in the cluster's etcd.
 * `group` empty is the default one. Rejects with ProblemError when that cannot be told now.
 */
export async function lockOf(options: HostLocksOptions, host: string, group: string): Promise<HostLock> {
  const { records } = options;
  const machineId = records.get('host', host, 'facts')?.machineId.toLowerCase() ?? '';
  const update = records.get('host', host, 'update');
  const etcd = options.etcd();
  const both = etcd && storesOf(etcd);
  if (machineId === '')
    throw fail('unreachable', `the machine id of ${host}, by which the lock would know it, was not read yet`, { host });
  if (update?.strategy.name === 'fleet_lock') return fleetLockOf(options, both, host, machineId, group, update);
  if (update?.strategy.name === 'etcd-lock') {
    if (!both)
      return none("It takes locksmith's lock, but the cluster file names no etcd in which that would be kept.");
    // Asked for its being there alone: where the old API is gone, locksmith's lock is gone with it.
    if ((await present(both.locksmith, group)) === 'unsupported')
      return none("It takes locksmith's lock, which lives in etcd's v2 API; this etcd has none, so there is no lock.");
    return locksmithOf(both.locksmith, group, machineId);
  }
  if (!both) return none('There is no reboot lock: the cluster file names no etcd, and the host asks no lock server.');
  if ((await present(both.locksmith, group)) === 'yes') return locksmithOf(both.locksmith, group, machineId);
  const groups = (await both.airlock.list()).map((lock) => lock.group);
  const wanted = group === '' ? (groups.includes('default') || groups.length !== 1 ? 'default' : groups[0]) : group;
  if (wanted !== undefined && groups.includes(wanted))
    return airlockOf(both.airlock, wanted, zincatiId(machineId) ?? machineId);
  return none(
    `There is no reboot lock: neither locksmith nor airlock keeps one${group === '' ? '' : ` of group ${group}`} in the cluster's etcd.`,
  );
}

/** airlock's key says who holds it, so that it is used where it is kept here; its server else. */
async function fleetLockOf(
  { signal }: HostLocksOptions,
  both: { airlock: LockStore } | null,
  host: string,
  machineId: string,
  group: string,
  update: HostUpdate,
): Promise<HostLock> {
  const fact = (name: string) => update.facts.find((one) => one.name === name)?.value ?? '';
  const wanted = group || fact('Group') || 'default';
  const id = zincatiId(machineId);
  if (id === null) throw fail('protocol', `${host} has no machine id that zincati would make a node id of`, { host });
  if (both && (await both.airlock.read(wanted))) return airlockOf(both.airlock, wanted, id);
  const url = fact('Lock server');
  if (url === '') {
    if (both) return airlockOf(both.airlock, wanted, id);
    return none('It asks a FleetLock server, but its settings name none.');
  }
  const server = fleetLock(url, signal);
  return { kind: 'fleet-lock', name: `the lock of ${url}`, url, server, client: { id, group: wanted } };
}

async function present(store: LockStore, group: string): Promise<'yes' | 'no' | 'unsupported'> {
  try {
    return (await store.read(group)) ? 'yes' : 'no';
  } catch (error) {
    if (toProblem(error).code === 'unsupported') return 'unsupported';
    throw error;
  }
}

function locksmithOf(store: LockStore, group: string, id: string): HostLock {
  return { kind: 'store', name: `locksmith's reboot lock${ofGroup(group)}`, store, group, id };
}

function airlockOf(store: LockStore, group: string, id: string): HostLock {
  return { kind: 'store', name: `airlock's reboot lock${ofGroup(group)}`, store, group, id };
}

function ofGroup(group: string): string {
  return group === '' ? '' : ` of group ${group}`;
}

function none(text: string): HostLock {
  return { kind: 'none', text };
}
