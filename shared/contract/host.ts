import { z } from 'zod';
import { epochMs, hostName } from './ids.ts';
import { problem } from './problem.ts';

/** What the cluster file says of a host. */
export const hostIdentity = z.object({
  name: hostName,
  address: z.string(),
  port: z.int(),
  user: z.string(),
  jump: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
});

/** The words of the link state machine, in the order a link usually goes through them. */
export const linkStates = [
  'idle',
  'connecting',
  'needs-authentication',
  'up',
  'degraded',
  'lost',
  'backing-off',
  'blocked',
  'disabled',
] as const;
export const linkState = z.enum(linkStates);
export type LinkState = z.infer<typeof linkState>;

/** The state of the one SSH connection to a host, in words a person can act on. */
export const hostLink = z.object({
  state: linkState,
  /** Why it is in this state, one sentence; empty when there is nothing to say (`up`). */
  reason: z.string(),
  since: epochMs,
  /** When the host last said anything at all; null before the first word. */
  heardAt: epochMs.nullable(),
  /** Next attempt while backing off. */
  retryAt: epochMs.nullable(),
  attempts: z.int(),
  problem: problem.nullable(),
  /** How the samples are read: resident awk, POSIX sh, or not at all. */
  sampler: z.enum(['awk', 'sh', 'none']),
  /** How units are followed: pushed over D-Bus, or polled with systemctl. */
  units: z.enum(['dbus', 'systemctl', 'none']),
  unitsReason: z.string(),
  /** Said after a gap: what was missed, e.g. "offline 41 s; host rebooted once". Null when nothing was. */
  missed: z.string().nullable(),
  connection: z
    .object({
      remote: z.string(),
      via: z.array(z.string()),
      user: z.string(),
      method: z.string(),
      hostKey: z.object({ type: z.string(), fingerprint: z.string() }),
      serverVersion: z.string(),
      cipher: z.string(),
      latencyMs: z.number().nullable(),
      channels: z.int(),
      connectedAt: epochMs,
    })
    .nullable(),
});
export type HostLink = z.infer<typeof hostLink>;

/** Slow-changing facts, read on connect, every two minutes in part and every hour whole. Absent tools leave nulls. */
export const hostFacts = z.object({
  readAt: epochMs,
  os: z.object({ id: z.string(), variant: z.string(), version: z.string(), pretty: z.string() }),
  /** Which family of update and layout this host belongs to. */
  family: z.enum(['flatcar', 'container-linux', 'fedora-coreos', 'debian', 'ubuntu', 'fedora', 'rhel', 'other']),
  channel: z.string().nullable(),
  hostname: z.string(),
  kernel: z.string(),
  architecture: z.string(),
  virtualization: z.string(),
  machineId: z.string(),
  bootId: z.string(),
  bootedAt: epochMs,
  systemd: z.string(),
  systemState: z.string(),
  timezone: z.string(),
  timeSync: z.enum(['yes', 'no', 'unknown']),
  /** Names of the markers that ask for a reboot, each with its evidence; empty when none. */
  rebootNeeded: z.array(z.object({ marker: z.string(), evidence: z.string() })),
  boots: z.array(z.object({ index: z.int(), bootId: z.string(), firstAt: epochMs, lastAt: epochMs })),
  disks: z.array(z.object({ name: z.string(), sizeBytes: z.number(), type: z.string(), model: z.string() })),
  addresses: z.array(z.string()),
  cpus: z.int(),
  elevation: z.enum(['root', 'sudo', 'sudo-password', 'none', 'unknown']),
});
export type HostFacts = z.infer<typeof hostFacts>;

/** One sample: figures of the last interval. Rates are per second; parts are 0..1. */
export const hostLoad = z.object({
  readAt: epochMs,
  intervalMs: z.number(),
  uptimeS: z.number(),
  cpu: z.number(),
  iowait: z.number(),
  steal: z.number(),
  load1: z.number(),
  load5: z.number(),
  load15: z.number(),
  running: z.int(),
  memoryTotalBytes: z.number(),
  memoryUsedBytes: z.number(),
  swapTotalBytes: z.number(),
  swapUsedBytes: z.number(),
  /** Pressure stall, share of the last 10 s in percent; null where the kernel has none. */
  pressure: z
    .object({ cpu: z.number(), memory: z.number(), memoryFull: z.number(), io: z.number(), ioFull: z.number() })
    .nullable(),
  netReceiveBps: z.number(),
  netSendBps: z.number(),
  diskReadBps: z.number(),
  diskWriteBps: z.number(),
  /** Console clock minus host clock, positive when the host is behind; null until measured. */
  clockOffsetMs: z.number().nullable(),
  latencyMs: z.number(),
});
export type HostLoad = z.infer<typeof hostLoad>;

/** Mounted file systems, read every two minutes. */
export const hostDisks = z.object({
  readAt: epochMs,
  mounts: z.array(
    z.object({
      mount: z.string(),
      source: z.string(),
      type: z.string(),
      totalBytes: z.number(),
      usedBytes: z.number(),
      freeBytes: z.number(),
      inodesTotal: z.number(),
      inodesFree: z.number(),
      readOnly: z.boolean(),
      /** Why its being read-only is a fault; null while it may be written to, or when it is meant to be so. */
      readOnlyFault: z.string().nullable(),
    }),
  ),
  /** Mount points of file servers that did not answer in time; they are not among the mounts. */
  late: z.array(z.string()),
});
export type HostDisks = z.infer<typeof hostDisks>;

/** An attempt to read something that brought nothing: when it was made, and why. */
const failedReading = z.object({ at: epochMs, reason: z.string() });

/** How the last attempts to read facts and disks went; null where they were read. */
export const hostReadings = z.object({ facts: failedReading.nullable(), disks: failedReading.nullable() });
export type HostReadings = z.infer<typeof hostReadings>;

/** The last ten minutes as up to 30 points each, oldest first, for sparklines: parts of 0..100, null for a gap. */
export const hostTrend = z.object({
  readAt: epochMs,
  stepMs: z.number(),
  cpu: z.array(z.int().nullable()),
  memory: z.array(z.int().nullable()),
  disk: z.array(z.int().nullable()),
});
export type HostTrend = z.infer<typeof hostTrend>;

/** Health words; each also has a shape in the window. */
export const healthStates = [
  'healthy',
  'attention',
  'failing',
  'unreachable',
  'unknown',
  'updating',
  'down-on-purpose',
] as const;
export const healthState = z.enum(healthStates);
export type HealthState = z.infer<typeof healthState>;

export const healthReasonCodes = [
  'unit-failed',
  'unit-load-error',
  'pressure',
  'cpu',
  'memory',
  'disk',
  'inodes',
  'disk-read-only',
  'clock',
  'silence',
  'link',
  'reboot-needed',
  'updating',
  'etcd-member',
  'units-polled',
  'on-purpose',
] as const;

/** One named reason, since when, and where to look. `subject` is the unit, mount or member it is about. */
export const healthReason = z.object({
  code: z.enum(healthReasonCodes),
  state: healthState,
  text: z.string(),
  subject: z.string(),
  since: epochMs,
});
export type HealthReason = z.infer<typeof healthReason>;

export const hostHealth = z.object({ state: healthState, since: epochMs, reasons: z.array(healthReason) });
export type HostHealth = z.infer<typeof hostHealth>;

/** Down on purpose: silences a host's health until it expires. */
export const hostMaintenance = z.object({
  reason: z.string().min(1).max(500),
  by: z.string(),
  since: epochMs,
  until: epochMs,
});
export type HostMaintenance = z.infer<typeof hostMaintenance>;

/** What is read for 60 minutes back: times in epoch ms, one column per metric, null where nothing was read. */
export const metricNames = [
  'cpu',
  'iowait',
  'load1',
  'memory',
  'swap',
  'pressureCpu',
  'pressureMemory',
  'pressureIo',
  'netReceiveBps',
  'netSendBps',
  'diskReadBps',
  'diskWriteBps',
  'latencyMs',
] as const;
export type MetricName = (typeof metricNames)[number];
