import type { ServerPolicy } from '#shared/contract/update-server.ts';
import { intervalSeconds } from '#shared/contract/update-interval.ts';
import type { UpdatePolicy } from '#shared/contract/update-policy.ts';
import { compareVersions } from './compare-versions.ts';
import { unlimitedUpdates } from './server-words.ts';

/** Where a server's own limits meet those of a roll-out: `stops` it, `slows` it, or is only good to know. */
export interface LimiterFight {
  readonly kind: 'stops' | 'slows' | 'note';
  readonly text: string;
}

/**
 * In words, when a server would hold back or contradict a roll-out from here; empty when both agree. `offered` is the
 * version of the group's channel, null for none; `hosts` is how many the roll-out goes over.
 */
export function limitersFight(
  policy: UpdatePolicy,
  server: { readonly group: string; readonly policy: ServerPolicy; readonly offered: string | null },
  hosts: number,
): LimiterFight[] {
  const { group, policy: theirs, offered } = server;
  const found: LimiterFight[] = [];
  const add = (kind: LimiterFight['kind'], text: string) => found.push({ kind, text });
  if (!theirs.updatesEnabled)
    add('stops', `The server offers nothing to its group ${group}: updates are disabled there. Enable them first.`);
  if (offered === null)
    add('stops', `The server's group ${group} has no package to offer: give it a channel with one.`);
  else if (policy.target.kind === 'version' && compareVersions(policy.target.version, offered) !== 0)
    add('stops', `The server offers ${offered} to ${group}, and the roll-out wants ${policy.target.version}.`);
  addPace(policy, theirs, hosts, add);
  if (theirs.safeMode && policy.failureBudget > 0)
    add(
      'stops',
      `The server disables updates of ${group} when the first of them fails, though ${policy.failureBudget} may fail here.`,
    );
  if (theirs.officeHours)
    add(
      'slows',
      `The server hands out updates Monday to Friday from 09:00 to 17:00 (${theirs.timeZone || 'no time zone'}) only; a host whose turn comes outside of that waits.`,
    );
  addTimeout(policy, theirs, add);
  return found;
}

type Add = (kind: LimiterFight['kind'], text: string) => void;

function addPace(policy: UpdatePolicy, theirs: ServerPolicy, hosts: number, add: Add): void {
  const most = theirs.maxUpdatesPerPeriod;
  if (most >= unlimitedUpdates && !theirs.safeMode) return;
  const period = intervalSeconds(theirs.periodInterval);
  if (theirs.safeMode) add('slows', 'The server lets one host go first, whatever the size of the first wave.');
  const largest = Math.max(
    1,
    ...policy.waves.map(({ size, unit }) => Math.min(hosts, unit === 'hosts' ? size : Math.ceil((hosts * size) / 100))),
  );
  if (largest > most)
    add(
      'slows',
      `A wave has up to ${largest} hosts, and the server lets ${most} update at once: a host counts there until it runs its new system, so the rest of a wave waits.`,
    );
  if (period === null) {
    add('note', `The server's interval, ${theirs.periodInterval || 'none'}, is not understood here.`);
    return;
  }
  const { rate } = policy.reboot;
  if (rate && rate.hosts / rate.perS > most / period)
    add(
      'slows',
      `The server hands out ${most} every ${theirs.periodInterval}, slower than the ${rate.hosts} every ${rate.perS} s of the roll-out: the server's pace counts.`,
    );
  const least = Math.ceil(hosts / Math.max(1, most)) - 1;
  if (least > 0) add('note', `At the server's pace ${hosts} hosts take at least ${duration(least * period)}.`);
}

/** A host that is staged and waits for its reboot is under way for the server. */
function addTimeout(policy: UpdatePolicy, theirs: ServerPolicy, add: Add): void {
  const timeout = intervalSeconds(theirs.updateTimeout);
  if (timeout === null) return;
  const waits = policy.reboot.windows !== null;
  if (timeout >= policy.reboot.updateTimeoutS + policy.reboot.bootTimeoutS && !waits) return;
  const why = waits
    ? 'a host that waits for its window may take longer'
    : `a host may take ${duration(policy.reboot.updateTimeoutS + policy.reboot.bootTimeoutS)} here`;
  const then = theirs.safeMode ? ', and too many of them disable updates' : '';
  add(
    theirs.safeMode ? 'stops' : 'note',
    `The server calls an update timed out after ${theirs.updateTimeout}, and ${why}${then}.`,
  );
}

function duration(seconds: number): string {
  if (seconds < 7200) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}
