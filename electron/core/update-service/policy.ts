import { type ServiceGroup, unlimitedUpdates } from '#shared/contract/update-service.ts';
import { isTimeZone, wallTime } from '#shared/lib/reboot/zoned-time.ts';
import { type GroupLedger, mostInstances } from './stored.ts';

const dayMs = 86_400_000;
const opensAt = 9 * 60;
const closesAt = 17 * 60;

/** Monday to Friday, 09:00 to 16:59 by the clocks of the zone; never in a zone that does not exist. */
export function inOfficeHours(timeZone: string, now: number): boolean {
  if (!isTimeZone(timeZone)) return false;
  const { weekday, minutes } = wallTime(timeZone, now);
  return weekday < 5 && minutes >= opensAt && minutes < closesAt;
}

/** The figures that a policy is held against. An update that takes longer than its time is no longer in progress. */
export function ledgerFigures(group: ServiceGroup, ledger: GroupLedger, now: number) {
  const inTime = ledger.open.filter(({ at }) => now - at <= group.updateTimeoutS * 1000);
  return {
    inProgress: inTime.length,
    timedOut: ledger.open.length - inTime.length,
    grantedInPeriod: ledger.recent.filter((at) => now - at < group.periodS * 1000).length,
  };
}

/** Whether one more update may be given; why not, and whether updates are to be disabled for it. */
export type PolicyAnswer =
  | { readonly grant: true }
  | { readonly grant: false; readonly status: string; readonly hold: boolean; readonly disable: boolean };

const refuse = (status: string, hold: boolean, disable = false): PolicyAnswer => ({
  grant: false,
  status,
  hold,
  disable,
});

/** Decides on one more update to `target`, in Nebraska's order. */
export function askPolicy(group: ServiceGroup, ledger: GroupLedger, target: string, now: number): PolicyAnswer {
  if (!group.updatesEnabled) return refuse('error-updatesDisabled', false);
  if (group.officeHours && !inOfficeHours(group.timeZone, now)) return refuse('error-updatesDisabled', false);
  if (group.maxUpdatesPerPeriod >= unlimitedUpdates && !group.safeMode) return { grant: true };
  const { rollout } = ledger;
  const isFirst = rollout?.version !== target || rollout.attempted === 0;
  const most = group.safeMode && isFirst ? 1 : group.maxUpdatesPerPeriod;
  const { inProgress, timedOut, grantedInPeriod } = ledgerFigures(group, ledger, now);
  if (grantedInPeriod >= most) return refuse('error-maxUpdatesPerPeriodLimitReached', true);
  if (inProgress >= most) return refuse('error-maxConcurrentUpdatesLimitReached', true);
  if (group.safeMode && timedOut >= most) return refuse('error-maxTimedOutUpdatesLimitReached', true, true);
  return { grant: true };
}

/** The ledger once an instance was given `version` on its way to `target`. */
export function withGrant(
  group: ServiceGroup,
  ledger: GroupLedger,
  grant: { readonly instance: string; readonly version: string; readonly target: string },
  now: number,
): GroupLedger {
  const { instance, target } = grant;
  // Without a limit nothing is held against these; so many are kept for the day when one is set.
  const kept = group.maxUpdatesPerPeriod >= unlimitedUpdates ? 1000 : mostInstances;
  const horizon = now - Math.max(group.periodS * 1000, dayMs);
  const rollout =
    ledger.rollout?.version === target
      ? ledger.rollout
      : { version: target, startedAt: now, attempted: 0, succeeded: 0, state: 'running' as const };
  return {
    open: [...ledger.open.filter((one) => one.instance !== instance), { ...grant, at: now }].slice(-kept),
    // Each grant counts, also a second one to the same instance.
    recent: [...ledger.recent.filter((at) => at > horizon), now].slice(-kept),
    rollout: { ...rollout, state: 'running' },
  };
}

/** How an update ended: `over` is neither, as when a machine came back without having tried. */
export type UpdateEnd = 'succeeded' | 'failed' | 'over';

/** The ledger once an instance's update ended; the same one when none was open. */
export function withEnd(ledger: GroupLedger, instance: string, end: UpdateEnd): GroupLedger {
  const ended = ledger.open.find((one) => one.instance === instance);
  if (!ended) return ledger;
  const open = ledger.open.filter((one) => one !== ended);
  const { rollout } = ledger;
  if (end === 'over' || rollout?.version !== ended.target) return { ...ledger, open };
  return {
    ...ledger,
    open,
    rollout: {
      ...rollout,
      attempted: rollout.attempted + 1,
      succeeded: rollout.succeeded + (end === 'succeeded' ? 1 : 0),
    },
  };
}
