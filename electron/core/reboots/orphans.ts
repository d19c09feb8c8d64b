import { isConnected } from '#shared/lib/is-connected.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { Scope } from '../lib/scope.ts';
import type { ClusterLock } from './cluster-lock.ts';
import type { RebootNotes } from './reboot-notes.ts';

/** Decisions of these names are a person's: nobody but a console that ended gives their slots back. */
export const personalDecision = 'person-';

const everyMs = 15_000;
/** Between taking a slot and going down lie moments. */
const longestHeldMs = 600_000;

/** Gives back slots of a console that ended before it did: their hosts are back in another boot, or never went. */
export function giveOrphansBack(around: ActionSurroundings, notes: RebootNotes, lock: ClusterLock, scope: Scope): void {
  const { records, now, mode, signal } = around;
  const look = async () => {
    for (const [host, slot] of await notes.allHeld()) {
      const facts = records.get('host', host, 'facts');
      if (!slot.decision.startsWith(personalDecision) || !facts) continue;
      if (!isConnected(records.get('host', host, 'link'))) continue;
      const isBack = slot.bootId !== facts.bootId && now() - facts.readAt > everyMs;
      if (isBack || now() - slot.at > longestHeldMs) await lock.give(host, slot.asked, slot.decision);
    }
  };
  scope.every(everyMs, () => {
    // What cannot be done now is tried again in a while.
    if (mode() === 'operate' && !signal.aborted) void look().catch(() => {});
  });
}
