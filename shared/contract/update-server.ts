import { z } from 'zod';
import { epochMs } from './ids.ts';
import { problem } from './problem.ts';
import { isInterval } from './update-interval.ts';

/** What an update server knows an instance to be doing, the quiet ones first. */
export const serverStatuses = [
  'undefined',
  'complete',
  'granted',
  'downloading',
  'downloaded',
  'installed',
  'on-hold',
  'error',
] as const;
export const serverStatus = z.enum(serverStatuses);
export type ServerStatus = z.infer<typeof serverStatus>;

/** How an update server hands out updates to a group. Intervals are texts as `15 minutes`. */
export const serverPolicy = z.object({
  updatesEnabled: z.boolean(),
  /** One instance first; the server stops handing out when that fails. */
  safeMode: z.boolean(),
  /** Monday to Friday, 09:00 to 17:00 in the zone. */
  officeHours: z.boolean(),
  timeZone: z.string(),
  periodInterval: z.string(),
  /** Updates handed out in a period, and updates under way at once. */
  maxUpdatesPerPeriod: z.int(),
  updateTimeout: z.string(),
});
export type ServerPolicy = z.infer<typeof serverPolicy>;

export const serverGroup = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  /** By what hosts name it as their group. */
  track: z.string(),
  rolloutInProgress: z.boolean(),
  /** Null: nothing is offered to this group. */
  channel: z.string().nullable(),
  policy: serverPolicy,
  /** Instances heard of in the last day; null where it could not be read. */
  stats: z.object({ total: z.int(), by: z.record(serverStatus, z.int()) }).nullable(),
  versions: z.array(z.object({ version: z.string(), instances: z.int() })),
});
export type ServerGroup = z.infer<typeof serverGroup>;

export const serverChannel = z.object({
  id: z.string(),
  name: z.string(),
  color: z.string(),
  arch: z.int(),
  package: z.string().nullable(),
  version: z.string().nullable(),
});
export type ServerChannel = z.infer<typeof serverChannel>;

export const serverApp = z.object({
  id: z.string(),
  productId: z.string().nullable(),
  name: z.string(),
  description: z.string(),
  instances: z.int(),
  groups: z.array(serverGroup),
  channels: z.array(serverChannel),
});
export type ServerApp = z.infer<typeof serverApp>;

/** The update server that the cluster file names, as it was read last. */
export const updateServer = z.object({
  kind: z.literal('nebraska'),
  url: z.string(),
  /** The one application that is looked at; null is all of them. */
  app: z.string().nullable(),
  /** `lost`: what is shown is of `readAt`. */
  state: z.enum(['reading', 'live', 'lost', 'needs-token']),
  readAt: epochMs.nullable(),
  version: z.string(),
  authMode: z.string(),
  problem: problem.nullable(),
  apps: z.array(serverApp),
  /** What there is more of than is shown, in sentences. */
  leftOut: z.array(z.string()),
});
export type UpdateServer = z.infer<typeof updateServer>;

/** A machine that asks the server, joined to a host by its machine id. */
export const serverInstance = z.object({
  id: z.string(),
  alias: z.string(),
  ip: z.string(),
  oem: z.string(),
  version: z.string(),
  status: serverStatus,
  lastCheckAt: epochMs.nullable(),
  grantedAt: epochMs.nullable(),
  grantedVersion: z.string(),
  inProgress: z.boolean(),
  /** Null when no host of this cluster that was read has this machine id. */
  host: z.string().nullable(),
});
export type ServerInstance = z.infer<typeof serverInstance>;

/** What the update server has of a host whose settings name it. */
export const serverHost = z.object({
  url: z.string(),
  /** The group that it has the host in; of one that it never heard of the one that the host's settings name, null for none. */
  group: z.object({ app: z.string(), id: z.string(), name: z.string(), updatesEnabled: z.boolean() }).nullable(),
  /** Null: it never heard of the host. */
  instance: serverInstance.nullable(),
  readAt: epochMs,
});
export type ServerHost = z.infer<typeof serverHost>;

export const serverPackage = z.object({
  id: z.string(),
  version: z.string(),
  arch: z.int(),
  type: z.int(),
  url: z.string(),
  filename: z.string(),
  description: z.string(),
  bytes: z.number().nullable(),
  createdAt: epochMs.nullable(),
  /** Ids of channels that may not have it. */
  barredFrom: z.array(z.string()),
  /** Ids of channels whose instances all have to pass through it. */
  floorOf: z.array(z.string()),
});
export type ServerPackage = z.infer<typeof serverPackage>;

export const serverEvents = [
  'package-not-found',
  'rollout-started',
  'rollout-finished',
  'rollout-failed',
  'instance-failed',
  'channel-updated',
  'unknown',
] as const;
/** A line of the server's own log. */
export const serverActivity = z.object({
  at: epochMs.nullable(),
  event: z.enum(serverEvents),
  severity: z.enum(['success', 'info', 'warning', 'error', 'unknown']),
  app: z.string(),
  group: z.string(),
  channel: z.string(),
  version: z.string(),
  instance: z.string(),
  host: z.string().nullable(),
});
export type ServerActivity = z.infer<typeof serverActivity>;

/** An id in an address of the server: of an application, a group, a channel, a package or an instance. */
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
export const serverId = z.string().regex(/^(?!\.+$)[^\u0000-\u0020\u007f/?#]{1,256}$/, 'no id of an update server');
const line = (most: number) =>
  z
    .string()
    .max(most)
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'has to be one line');
const interval = z.string().max(40).refine(isInterval, 'write an interval as "15 minutes"');
/** 0 is all, then amd64, aarch64, x86. */
export const serverArch = z.int().min(0).max(3);
const base64 = z.string().regex(/^[A-Za-z0-9+/]{1,200}={0,2}$/, 'has to be base64');

/** What is told of a package: where it lies and what it has to be. */
export const packageMetadata = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]{1,60})?$/, 'has to be a version as 4230.2.1'),
  arch: serverArch,
  url: line(1000).refine((text) => /^https?:\/\/\S+$/.test(text), 'has to be an http or https address'),
  filename: line(255).min(1),
  description: line(500),
  bytes: z.int().min(1),
  /** SHA-1 of the file, as Omaha tells it. */
  hash: base64,
  /** SHA-256 of the file, which update_engine checks. */
  sha256: base64,
});

/** What a person may do to an update server. */
export const serverEdit = z.discriminatedUnion('verb', [
  z.object({
    verb: z.literal('set-policy'),
    app: serverId,
    group: serverId,
    channel: serverId.nullable(),
    policy: serverPolicy.extend({
      timeZone: z.string().min(1).max(60),
      periodInterval: interval,
      maxUpdatesPerPeriod: z.int().min(1).max(1_000_000),
      updateTimeout: interval,
    }),
  }),
  z.object({ verb: z.literal('promote'), app: serverId, channel: serverId, package: serverId }),
  z.object({
    verb: z.literal('add-channel'),
    app: serverId,
    name: line(50).min(1),
    color: z.string().regex(/^#[0-9a-f]{6}$/, 'has to be a colour as #1fbb86'),
    arch: serverArch,
    package: serverId.nullable(),
  }),
  z.object({ verb: z.literal('add-package'), app: serverId, metadata: packageMetadata }),
  z.object({ verb: z.literal('set-alias'), app: serverId, group: serverId, instance: serverId, alias: line(256) }),
]);
export type ServerEdit = z.infer<typeof serverEdit>;

/** What an edit would send, to be read before it is confirmed; it holds for what the server has now (`base`) only. */
export const serverPlan = z.object({
  /** As `PUT https://…`. */
  request: z.string(),
  body: z.string(),
  base: z.string(),
  /** What is another value afterwards, by the server's own names. */
  lines: z.array(z.object({ name: z.string(), before: z.string(), after: z.string() })),
  /** What should be thought of first, each a sentence. */
  warnings: z.array(z.string()),
});
export type ServerPlan = z.infer<typeof serverPlan>;
