import type {
  ServiceActivity,
  ServiceChannel,
  ServiceGroup,
  ServiceInstance,
  ServicePackage,
} from '#shared/contract/update-service.ts';
import type { OmahaApp } from '#shared/formats/omaha/request.ts';
import type { OmahaAnswer } from '#shared/formats/omaha/response.ts';
import { compareVersions } from '#shared/lib/update-service/versions.ts';
import { activityOf, disable } from './group-notes.ts';
import { refreshed, withStatus } from './instance.ts';
import { askPolicy, withEnd, withGrant } from './policy.ts';
import type { GroupLedger } from './stored.ts';
import { takeEvents } from './take-events.ts';

/** All that is known when a machine of a group asks; `packages` are every one of the service. */
export interface AskedOf {
  readonly group: ServiceGroup;
  readonly channel: ServiceChannel | null;
  readonly packages: readonly ServicePackage[];
  readonly instance: ServiceInstance | null;
  readonly ledger: GroupLedger;
}

/** What is to be written down, and what the machine is told. A part that is the same as before need not be written. */
export interface Decision {
  readonly group: ServiceGroup;
  readonly instance: ServiceInstance;
  readonly ledger: GroupLedger;
  readonly activity: readonly ServiceActivity[];
  readonly answer: OmahaAnswer | null;
}

const inBetween = new Set(['installed', 'downloaded', 'downloading']);

/**
 * Decides on one app of a request, in the order in which Nebraska does: the instance, its events, what it does already, its
 * channel, versions and floors, policy, grant. More careful than Nebraska in three things: an update that took longer than
 * its time is asked of the policy again, one that was given is not repeated while updates are disabled, and a machine that
 * comes back with an older version than it was given has failed.
 */
export function decide(asked: AskedOf, app: OmahaApp, address: string, now: number): Decision {
  const known = refreshed(asked.instance, asked.group, app, address, now);
  const { group, instance, ledger, activity } = takeEvents({ ...asked, instance: known }, app, now);
  const told = { group, instance, ledger, activity };
  if (!app.updateCheck) return { ...told, answer: null };
  return check({ ...asked, group, instance, ledger }, activity, now);
}

type Known = AskedOf & { readonly instance: ServiceInstance };

function check(known: Known, activity: readonly ServiceActivity[], now: number): Decision {
  const { group, channel, packages, instance, ledger } = known;
  const same = { group, instance, ledger, activity };
  const refused = (status: string): Decision => ({ ...same, answer: { kind: 'refused', status } });
  const reached = compareVersions(instance.version, instance.grantedVersion);
  if (instance.inProgress && reached !== null && reached >= 0) {
    const done = {
      ...same,
      instance: withStatus(instance, 'complete', now),
      ledger: withEnd(ledger, instance.id, 'succeeded'),
    };
    return { ...done, answer: { kind: 'noupdate' } };
  }
  const late = instance.grantedAt === null || now - instance.grantedAt > group.updateTimeoutS * 1000;
  if (instance.inProgress && !late && inBetween.has(instance.status))
    return refused('error-updateInProgressOnInstance');
  const target = packages.find(({ id }) => id === channel?.package);
  if (!channel || !target) {
    const entry = activityOf(known, 'package not found', 'warning', '', now);
    return { ...refused('error-noPackageFound'), activity: [...activity, entry] };
  }
  const behind = compareVersions(instance.version, target.version);
  if (behind === null) return refused('error-failedToRetrieveUpdatePackageInfo');
  if (behind >= 0) return { ...same, instance: upToDate(instance, now), answer: { kind: 'noupdate' } };
  const offer = nextFloor(known, channel, target) ?? target;
  const again = instance.inProgress && !late && instance.status === 'granted' && group.updatesEnabled;
  if (again && instance.grantedVersion === offer.version)
    return { ...same, answer: { kind: 'update', package: offer } };
  return askToGrant(known, activity, offer, target, late, now);
}

/** An instance that has what it is to have is neither held nor failed any more. */
function upToDate(instance: ServiceInstance, now: number): ServiceInstance {
  if (instance.status === 'undefined' || instance.status === 'complete') return instance;
  return withStatus(instance, instance.grantedVersion === instance.version ? 'complete' : 'undefined', now);
}

function askToGrant(
  known: Known,
  activity: readonly ServiceActivity[],
  offer: ServicePackage,
  target: ServicePackage,
  late: boolean,
  now: number,
): Decision {
  const { group, instance, ledger } = known;
  // Its own grant of before is over when it asks anew: it must not hold itself up. What it took of the period stays taken,
  // and in safe mode one that took too long stays to be seen.
  const ownStays = group.safeMode && late;
  const asked = ownStays ? ledger : { ...ledger, open: ledger.open.filter((one) => one.instance !== instance.id) };
  const answer = askPolicy(group, asked, target.version, now);
  if (!answer.grant) {
    // That it failed is told until it is given another one.
    const held = answer.hold && instance.status !== 'error' ? withStatus(instance, 'onhold', now) : instance;
    const disabled = answer.disable ? disable(known, 'more updates took too long than may be made', now) : null;
    return {
      group: disabled?.group ?? group,
      instance: held,
      ledger: answer.hold && !disabled ? asked : (disabled?.ledger ?? ledger),
      activity: [...activity, ...(disabled?.activity ?? [])],
      answer: { kind: 'refused', status: answer.status },
    };
  }
  const isStart = ledger.rollout?.version !== target.version || ledger.rollout.state !== 'running';
  const started = isStart ? [activityOf(known, 'rollout started', 'info', target.version, now)] : [];
  const granted = withStatus(
    { ...instance, grantedVersion: offer.version, grantedAt: now, inProgress: true },
    'granted',
    now,
  );
  return {
    group,
    instance: granted,
    ledger: withGrant(group, asked, { instance: instance.id, version: offer.version, target: target.version }, now),
    activity: [...activity, ...started],
    answer: { kind: 'update', package: offer },
  };
}

/** The lowest floor above the instance's version, up to the target. */
function nextFloor(
  { packages, instance }: Known,
  channel: ServiceChannel,
  target: ServicePackage,
): ServicePackage | null {
  const above = packages.filter(
    ({ id, version, arch }) =>
      channel.floors.includes(id) &&
      arch === channel.arch &&
      (compareVersions(version, instance.version) ?? 0) > 0 &&
      (compareVersions(version, target.version) ?? 1) <= 0,
  );
  return above.toSorted((a, b) => compareVersions(a.version, b.version) ?? 0)[0] ?? null;
}
