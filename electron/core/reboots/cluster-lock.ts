import type { Records } from '#core/fleet/records.ts';
import { HolderHosts } from '#core/providers/reboot-locks/holder-hosts.ts';
import { fleetLock } from '#core/providers/reboot-locks/fleetlock/fleetlock-client.ts';
import type { Semaphore } from '#core/providers/reboot-locks/semaphore.ts';
import { giveSlot, readable, takeSlot } from '#core/providers/reboot-locks/take-and-give.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import { type HostLock, type HostLocksOptions, lockOf, storesOf } from './host-locks.ts';
import type { HeldSlot, RebootNotes } from './reboot-notes.ts';

/** How taking a slot went; `mayGo` is false when it has to be waited for, and true where there is no lock to take. */
export interface Taken {
  readonly held: boolean;
  readonly mayGo: boolean;
  readonly text: string;
}

export interface ClusterLockOptions extends HostLocksOptions {
  readonly records: Records;
  readonly notes: RebootNotes;
  readonly by: string;
  readonly now: () => number;
}

/** Slots of the lock that a cluster's own agents use, taken and given back for hosts that this console takes down. */
export class ClusterLock {
  readonly #options: ClusterLockOptions;
  readonly #hosts: HolderHosts;

  constructor(options: ClusterLockOptions) {
    this.#options = options;
    this.#hosts = new HolderHosts(options.records);
  }

  of(host: string, group: string): Promise<HostLock> {
    return lockOf(this.#options, host, group);
  }

  /** Why the slot cannot be had now; null when it can, is held for this host from here already, or there is no lock. */
  async obstacle(host: string, group: string): Promise<string | null> {
    try {
      const note = await this.#options.notes.held(host);
      const lock = await this.of(host, group);
      if (lock.kind !== 'store') return null;
      const kept = await lock.store.read(lock.group);
      if (!kept) return null;
      const semaphore = readable(kept);
      if (semaphore.holders.includes(lock.id)) return note ? null : ownDaemon(host, lock.name);
      return semaphore.holders.length < semaphore.max ? null : this.#full(lock, semaphore);
    } catch (error) {
      return `The reboot lock could not be read: ${toProblem(error).message}.`;
    }
  }

  /** To take again what is held for the same decision changes nothing. */
  async take(host: string, group: string, decision: string): Promise<Taken> {
    const { notes, by, now } = this.#options;
    const before = await notes.held(host);
    if (before && before.decision !== decision)
      return wait(`${before.by} holds the reboot lock for ${host} already, for another decision.`);
    const lock = await this.of(host, group);
    if (lock.kind === 'none') return { held: false, mayGo: true, text: lock.text };
    const bootId = this.#options.records.get('host', host, 'facts')?.bootId ?? '';
    const mine: HeldSlot = { ...slotOf(lock), asked: group, decision, bootId, by, at: now() };
    if (lock.kind === 'store') {
      const kept = await lock.store.read(lock.group);
      if (!before && kept && readable(kept).holders.includes(lock.id)) return wait(ownDaemon(host, lock.name));
    }
    // Written before: whoever comes after this console must know that the slot is not the daemon's.
    if (!before && !(await notes.keep(host, mine))) return wait(`Another console takes the lock for ${host}.`);
    let taken: Taken;
    try {
      taken = await this.#settle(host, lock, before !== null);
    } catch (error) {
      // What became of a lost write is not known: the note stays, so that the slot is given back if it is ours.
      if (!before && toProblem(error).code !== 'lost') await notes.forget(host);
      throw error;
    }
    if (!taken.held && !before) await notes.forget(host);
    return taken;
  }

  /** Gives back exactly what was taken for this decision; null is whichever it was. Nothing otherwise. */
  async give(host: string, group: string, decision: string | null): Promise<void> {
    const { notes, signal } = this.#options;
    const slot = await notes.held(host);
    if (!slot || slot.asked !== group || (decision !== null && slot.decision !== decision)) return;
    if (slot.kind === 'fleet-lock') await fleetLock(slot.url, signal).steadyState({ id: slot.id, group: slot.group });
    else {
      const etcd = this.#options.etcd();
      if (!etcd) throw fail('unreachable', 'the etcd in which the reboot lock is held is not connected', { host });
      await giveSlot(storesOf(etcd)[slot.kind], slot.group, slot.id);
    }
    await notes.forget(host);
  }

  async #settle(host: string, lock: Exclude<HostLock, { kind: 'none' }>, again: boolean): Promise<Taken> {
    try {
      if (lock.kind === 'fleet-lock') await lock.server.preReboot(lock.client);
      else {
        const { already } = await takeSlot(lock.store, lock.group, lock.id);
        if (already && !again) return wait(ownDaemon(host, lock.name));
      }
      return { held: true, mayGo: true, text: `${lock.name} is held for ${host}.` };
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code !== 'busy') throw error;
      if (lock.kind === 'fleet-lock') return wait(`${lock.name} is not granted: ${problem.message}.`);
      const kept = await lock.store.read(lock.group);
      return wait(kept ? this.#full(lock, readable(kept)) : problem.message);
    }
  }

  #full(lock: Extract<HostLock, { kind: 'store' }>, { max, holders }: Semaphore): string {
    const { records, now } = this.#options;
    const found = this.#hosts.resolve(holders);
    const told = records
      .get('cluster', '', 'rebootLocks')
      ?.locks.find(({ kind, group }) => kind === lock.store.kind && group === lock.group);
    const names = holders.map((id, at) => {
      const since = told?.holders.find((holder) => holder.id === id)?.since ?? null;
      const name = found[at]?.host ?? id;
      return since === null ? name : `${name} (for ${Math.max(0, Math.round((now() - since) / 1000))} s)`;
    });
    const slots = max === 1 ? 'the one slot' : `all ${max} slots`;
    return `${names.join(', ') || 'Nobody'} ${holders.length === 1 ? 'holds' : 'hold'} ${slots} of ${lock.name}.`;
  }
}

function wait(text: string): Taken {
  return { held: false, mayGo: false, text };
}

function ownDaemon(host: string, name: string): string {
  return `${host} holds ${name} already, and not through this console: its own agent is about to reboot it.`;
}

function slotOf(lock: Exclude<HostLock, { kind: 'none' }>): Pick<HeldSlot, 'kind' | 'group' | 'id' | 'url'> {
  if (lock.kind === 'fleet-lock') return { kind: 'fleet-lock', ...lock.client, url: lock.url };
  return { kind: lock.store.kind, group: lock.group, id: lock.id, url: '' };
}
