import type { HostUpdate } from '../../contract/update.ts';
import type { UpdatePolicy } from '../../contract/update-policy.ts';
import { installsPackages } from './agent-names.ts';
import { offerFor, type Offers } from './offers.ts';

/** Where a host stands to what its group follows. */
export type Standing =
  /** It runs what it should. */
  | { readonly is: 'there' }
  /** It can be taken to `to`, null where its agent names no version. */
  | { readonly is: 'behind'; readonly to: string | null }
  /** It should run another version and cannot be taken there as it stands. */
  | { readonly is: 'blocked'; readonly why: string };

/** How a host stands to a target, by what its agent says and what others of its channel are offered. */
export function standingOf(
  update: HostUpdate | undefined,
  target: UpdatePolicy['target'],
  offers: Offers,
  only?: UpdatePolicy['packages'],
): Standing {
  if (!update) return blocked('its update agent has not been read');
  if (update.agent === 'none') return blocked('it has no update agent');
  if (update.problem) return blocked(`its update agent cannot be read: ${update.problem.message}`);
  if (installsPackages(update.agent)) return packages(update, target, only);
  const { running, channel } = update;
  const offered = offerFor(update, offers);
  if (target.kind === 'version') {
    if (running === target.version) return { is: 'there' };
    if (offered === target.version) return held(update, offered);
    return blocked(
      offered === null
        ? `${target.version} is not offered to it`
        : `${offered} is offered to it, not ${target.version}`,
    );
  }
  if (target.kind === 'channel' && channel !== target.channel)
    return blocked(`it follows ${channel ?? 'no channel'}, not ${target.channel}`);
  if (offered === null) return { is: 'there' };
  return held(update, offered);
}

function packages(update: HostUpdate, target: UpdatePolicy['target'], only: UpdatePolicy['packages']): Standing {
  if (target.kind === 'version') return blocked('packages have no one version to pin');
  if (!update.pending) return blocked('which packages wait is not known');
  const waits = only === 'security' ? update.pending.security : update.pending.total;
  if (waits === 0 && !update.rebootNeeded) return { is: 'there' };
  return { is: 'behind', to: null };
}

function held({ heldBy, holds = [], rebootNeeded, phase, phaseText }: HostUpdate, to: string): Standing {
  const person = heldBy.find(({ by }) => by === 'person');
  // Of an update in place a person may be told to reboot: that is what a roll-out does.
  if (person && (holds.length > 0 || !rebootNeeded)) return blocked(`a person holds it: ${person.text}`);
  if (phase === 'disabled') return blocked(phaseText || 'its updates are turned off');
  return { is: 'behind', to };
}

function blocked(why: string): Standing {
  return { is: 'blocked', why };
}
