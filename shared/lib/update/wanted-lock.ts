import type { LockKind } from '../../contract/reboot-lock.ts';
import type { HostUpdate } from '../../contract/update.ts';
import { knownWindowState } from './known-window.ts';

/** The reboot lock that a host's own agent takes, by its strategy; the group is null where the agent does not tell it. */
export function lockOf({
  strategy,
  facts,
}: HostUpdate): { readonly kind: LockKind; readonly group: string | null } | null {
  if (strategy.name === 'etcd-lock') return { kind: 'locksmith', group: null };
  if (strategy.name !== 'fleet_lock') return null;
  return { kind: 'airlock', group: facts.find(({ name }) => name === 'Group')?.value ?? 'default' };
}

/** Whether a host asks for its lock by now: an update is in place, and no window of its own keeps it from asking. */
export function wantsLock(update: HostUpdate, now: number): boolean {
  if (!update.rebootNeeded || !update.heldBy.some(({ by }) => by === 'lock')) return false;
  return update.weekly === undefined || knownWindowState(update.weekly, now).open;
}
