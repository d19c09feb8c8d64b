import type { InstanceStatus, ServiceGroup, ServiceInstance } from '#shared/contract/update-service.ts';
import type { OmahaApp } from '#shared/formats/omaha/request.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';

/** How often it is written down that a machine is still there when it says nothing new. */
const refreshMs = 5 * 60_000;
const mostHistory = 20;
const ending: ReadonlySet<InstanceStatus> = new Set(['complete', 'error', 'undefined']);

/** The instance as it now says it is; the very same one when there is nothing new and it was heard a while ago only. */
export function refreshed(
  before: ServiceInstance | null,
  group: ServiceGroup,
  app: OmahaApp,
  address: string,
  now: number,
): ServiceInstance {
  const said = {
    group: group.id,
    address: cleanLine(address, 60),
    alias: app.alias,
    oem: app.oem,
    alephVersion: app.alephVersion,
    version: app.version,
  };
  if (!before) {
    const blank = { status: 'undefined', grantedVersion: '', grantedAt: null, inProgress: false, history: [] } as const;
    return { id: app.machine, ...said, ...blank, history: [], createdAt: now, lastCheckAt: now };
  }
  const moved = before.group !== group.id;
  // What it was given in another group is no affair of this one.
  const fresh = moved ? { ...before, inProgress: false, status: 'undefined' as const } : before;
  const isNew = Object.entries(said).some(([key, value]) => before[key as keyof typeof said] !== value);
  if (!isNew && now - before.lastCheckAt < refreshMs) return before;
  return { ...fresh, ...said, lastCheckAt: now };
}

/** The instance in another status, with its history; the same when it has it already. */
export function withStatus(
  instance: ServiceInstance,
  status: InstanceStatus,
  now: number,
  errorCode: number | null = null,
): ServiceInstance {
  if (
    instance.status === status &&
    errorCode === null &&
    status !== 'granted' &&
    !(instance.inProgress && ending.has(status))
  )
    return instance;
  const version = instance.inProgress ? instance.grantedVersion : instance.version;
  return {
    ...instance,
    status,
    inProgress: ending.has(status) || status === 'onhold' ? false : instance.inProgress,
    history: [{ at: now, status, version, errorCode }, ...instance.history].slice(0, mostHistory),
  };
}
