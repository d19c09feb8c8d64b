import type { InstanceStatus, ServiceActivity } from '#shared/contract/update-service.ts';
import type { OmahaApp, OmahaEvent } from '#shared/formats/omaha/request.ts';
import { compareVersions } from '#shared/lib/update-service/versions.ts';
import type { AskedOf, Decision } from './decide.ts';
import { activityOf, disable } from './group-notes.ts';
import { withStatus } from './instance.ts';
import { type UpdateEnd, withEnd } from './policy.ts';

type Taken = Omit<Decision, 'answer'>;
type Known = AskedOf & { readonly instance: Decision['instance'] };

const onWay: Readonly<Record<string, InstanceStatus>> = {
  '13 1': 'downloading',
  '14 1': 'downloaded',
  '800 1': 'installed',
  // Written, and waiting for the reboot.
  '3 1': 'installed',
};
/** Bits beside an error's code: developer mode, resumed, test image, test server. */
const codeMask = 0x0fffffff;

/** Takes the events of a request one after the other; those of an instance without an update in progress say nothing. */
export function takeEvents(asked: Known, app: OmahaApp, now: number): Taken {
  let taken: Taken = { group: asked.group, instance: asked.instance, ledger: asked.ledger, activity: [] };
  for (const event of app.events) taken = takeEvent({ ...asked, ...taken }, taken, event, now);
  return taken;
}

function takeEvent(known: Known, taken: Taken, event: OmahaEvent, now: number): Taken {
  const { instance, ledger } = taken;
  if (!instance.inProgress) return taken;
  const ended = (status: InstanceStatus, end: UpdateEnd, errorCode: number | null = null): Taken => ({
    ...taken,
    instance: withStatus(instance, status, now, errorCode),
    ledger: withEnd(ledger, instance.id, end),
  });
  const status = onWay[`${event.type} ${event.result}`];
  if (status) return { ...taken, instance: withStatus(instance, status, now) };
  if (event.type === 3 && event.result === 2) {
    if (['', '0.0.0.0'].includes(event.previousVersion)) return ended('undefined', 'over');
    const reached = compareVersions(instance.version, instance.grantedVersion);
    if (reached === null || reached >= 0) return ended('complete', 'succeeded');
    return failed(known, ended('error', 'failed'), `came back with ${instance.version}`, now);
  }
  if (event.type === 3 && event.result === 0) {
    const code = event.errorCode === null ? null : event.errorCode & codeMask;
    return failed(known, ended('error', 'failed', code), code === null ? '' : `error ${code}`, now);
  }
  return taken;
}

/** An update failed: the first one of a roll-out in safe mode ends it. */
function failed(known: Known, taken: Taken, text: string, now: number): Taken {
  const entry: ServiceActivity = {
    ...activityOf({ ...known, ...taken }, 'instance update failed', 'error', known.instance.grantedVersion, now),
    text,
  };
  const activity = [...taken.activity, entry];
  const { rollout } = taken.ledger;
  const isFirst = rollout?.attempted === 1 && known.ledger.rollout?.attempted === 0;
  if (!known.group.safeMode || !known.group.updatesEnabled || !isFirst) return { ...taken, activity };
  const off = disable(
    { ...known, ...taken },
    `the first update of the roll-out failed on ${known.instance.alias || known.instance.id}`,
    now,
  );
  return { ...taken, ...off, activity: [...activity, ...off.activity] };
}
