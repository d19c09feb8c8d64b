import { z } from 'zod';
import { epochMs, hostName } from './ids.ts';
import { problem } from './problem.ts';

/** Names a package, channel or group of the update service. */
export const serviceId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'not an id of the update service');
/** What Omaha calls a machine: its /etc/machine-id. */
export const instanceId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'not the id of a machine');

export const serviceArchs = ['amd64', 'arm64'] as const;
export const serviceArch = z.enum(serviceArchs);
export type ServiceArch = z.infer<typeof serviceArch>;

const line = (most: number) =>
  z
    .string()
    .max(most)
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'has control characters');
const named = line(100).min(1);
export const releaseVersion = z
  .string()
  .max(64)
  .regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}([-+][0-9A-Za-z.+-]+)?$/, 'not a version like 4230.2.1');
/** The name of a payload file, which becomes the end of its URL. */
export const payloadName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/, 'not the name of a payload file');
const base64Of = (bytes: number) => {
  const chars = Math.ceil(bytes / 3) * 4;
  const pad = (3 - (bytes % 3)) % 3;
  return z
    .string()
    .regex(
      new RegExp(`^[A-Za-z0-9+/]{${chars - pad}}={${pad}}$`),
      `not ${bytes} bytes in base64 (${chars} characters)`,
    );
};
export const sha1Base64 = base64Of(20);
export const sha256Base64 = base64Of(32);

/** A further file of a release, which Flatcar takes as an extension. */
const extraFile = z.object({
  name: payloadName,
  size: z.int().min(1),
  sha1: sha1Base64,
  /** In hexadecimal, as update_engine reads it of these. */
  sha256Hex: z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 in hexadecimal'),
});

/** One release for one kind of machine, and where its payload lies. */
export const servicePackage = z.object({
  id: serviceId,
  version: releaseVersion,
  arch: serviceArch,
  /** What stands before the name of the file. */
  url: z
    .string()
    .max(500)
    .regex(/^https?:\/\/[^\s"<>&]+$/, 'not an http or https address'),
  filename: payloadName,
  description: line(300),
  size: z
    .int()
    .min(1)
    .max(16 * 1024 ** 3),
  sha1: sha1Base64,
  sha256: sha256Base64,
  disablePayloadBackoff: z.boolean(),
  needsAdmin: z.boolean(),
  isDelta: z.boolean(),
  extraFiles: z.array(extraFile).max(40),
});
export type ServicePackage = z.infer<typeof servicePackage>;

/** A name that points at a package; floors are versions that every instance has to pass through. */
export const serviceChannel = z.object({
  id: serviceId,
  name: named,
  arch: serviceArch,
  package: serviceId.nullable(),
  floors: z.array(serviceId).max(20),
});
export type ServiceChannel = z.infer<typeof serviceChannel>;

/** From how many at once there is no limit, unless in safe mode. */
export const unlimitedUpdates = 900_000;

/** What machines ask for, by their track, and how updates are given to them. */
export const serviceGroup = z.object({
  id: serviceId,
  name: named,
  /** What machines have as GROUP. */
  track: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'not the name of a track'),
  arch: serviceArch,
  channel: serviceId.nullable(),
  updatesEnabled: z.boolean(),
  safeMode: z.boolean(),
  officeHours: z.boolean(),
  timeZone: z.string().min(1).max(60),
  periodS: z
    .int()
    .min(60)
    .max(30 * 86_400),
  maxUpdatesPerPeriod: z.union([z.int().min(1).max(5000), z.literal(unlimitedUpdates)]),
  updateTimeoutS: z
    .int()
    .min(60)
    .max(30 * 86_400),
});
export type ServiceGroup = z.infer<typeof serviceGroup>;

export const instanceStatuses = [
  'undefined',
  'granted',
  'error',
  'complete',
  'installed',
  'downloaded',
  'downloading',
  'onhold',
] as const;
export const instanceStatus = z.enum(instanceStatuses);
export type InstanceStatus = z.infer<typeof instanceStatus>;

/** One machine as it last said it is. */
export const serviceInstance = z.object({
  id: instanceId,
  group: serviceId,
  address: line(60),
  alias: line(100),
  oem: line(60),
  alephVersion: line(64),
  version: line(64),
  status: instanceStatus,
  lastCheckAt: epochMs,
  createdAt: epochMs,
  /** The last version that it was given; empty while it was given none. */
  grantedVersion: line(64),
  grantedAt: epochMs.nullable(),
  inProgress: z.boolean(),
  /** The newest first. */
  history: z
    .array(z.object({ at: epochMs, status: instanceStatus, version: line(64), errorCode: z.int().nullable() }))
    .max(20),
});
export type ServiceInstance = z.infer<typeof serviceInstance>;

export const activityClasses = [
  'package not found',
  'rollout started',
  'rollout finished',
  'rollout failed',
  'instance update failed',
  'channel package updated',
] as const;
export const serviceActivity = z.object({
  at: epochMs,
  class: z.enum(activityClasses),
  severity: z.enum(['success', 'info', 'warning', 'error']),
  group: line(100),
  channel: line(100),
  version: line(64),
  instance: line(64),
  /** What else there is to know, in words. */
  text: line(300),
});
export type ServiceActivity = z.infer<typeof serviceActivity>;

/** How updates of a group go at present. */
const groupProgress = z.object({
  inProgress: z.int(),
  timedOut: z.int(),
  grantedInPeriod: z.int(),
  rollout: z
    .object({
      version: z.string(),
      startedAt: epochMs,
      attempted: z.int(),
      succeeded: z.int(),
      state: z.enum(['running', 'finished', 'failed']),
    })
    .nullable(),
});

const kept = <T extends z.ZodType>(value: T) => z.object({ revision: z.int(), value });

/** The update service as a cluster has it, whoever serves it. */
export const updateService = z.object({
  kind: z.enum(['etcd', 'local']),
  problem: problem.nullable(),
  /** The consoles that answer machines now. */
  servers: z.array(z.object({ url: z.string(), by: z.string(), since: epochMs })).max(50),
  /** Where this console listens without answering, as it may only observe the cluster. */
  waiting: z.string().nullable(),
  packages: z.array(kept(servicePackage)),
  channels: z.array(kept(serviceChannel)),
  groups: z.array(kept(serviceGroup).extend({ progress: groupProgress })),
  /** The newest first. */
  activity: z.array(serviceActivity).max(200),
});
export type UpdateService = z.infer<typeof updateService>;

/** Where a thing of the set-up is kept. */
export const setupKinds = ['packages', 'channels', 'groups'] as const;
export const setupKind = z.enum(setupKinds);
export type SetupKind = z.infer<typeof setupKind>;

export const setupItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('packages'), value: servicePackage }),
  z.object({ kind: z.literal('channels'), value: serviceChannel }),
  z.object({ kind: z.literal('groups'), value: serviceGroup }),
]);
export type SetupItem = z.infer<typeof setupItem>;

/** Instances as a table shows them; `host` is the one of this cluster with that machine id. */
export const listedInstances = z.object({
  total: z.int(),
  counts: z.partialRecord(instanceStatus, z.int()),
  instances: z.array(serviceInstance.omit({ history: true }).extend({ host: hostName.nullable() })),
});

/** What was read of a release: a package as far as it is known, and what does not fit together. */
export const readRelease = z.object({
  draft: servicePackage.omit({ id: true }).partial(),
  /** Where each thing was read, in words. */
  sources: z.array(z.string()),
  problems: z.array(z.string()),
});
export type ReadRelease = z.infer<typeof readRelease>;
