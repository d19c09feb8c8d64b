import { z } from 'zod';
import { epochMs, hostName, unitName } from './ids.ts';
import { problem } from './problem.ts';
import { obstacles } from './reboot.ts';

/** One unit as systemd lists it. */
export const unit = z.object({
  name: z.string(),
  description: z.string(),
  load: z.string(),
  active: z.string(),
  sub: z.string(),
  /** Type of the queued job, e.g. `restart`; empty when none. */
  job: z.string(),
  /**
   * Since when its active state holds: seen changing from here, or told by systemd. Null when nobody has said, as for
   * most of a list just read (systemd lists no times); the unit's detail asks.
   */
  since: epochMs.nullable(),
});
export type Unit = z.infer<typeof unit>;

/** A unit over all connected hosts that have it loaded: how many, and how it is on them. */
export const foundUnit = z.object({
  name: z.string(),
  hosts: z.int(),
  active: z.int(),
  failed: z.int(),
  /** One of the hosts: the only one where `hosts` is 1. */
  first: hostName,
});

/** The summary of a host's units that every row shows; the whole list is a stream. */
export const hostUnits = z.object({
  readAt: epochMs,
  source: z.enum(['dbus', 'systemctl']),
  total: z.int(),
  active: z.int(),
  jobs: z.int(),
  failed: z.array(z.object({ name: z.string(), sub: z.string(), since: epochMs.nullable() })),
  loadErrors: z.array(z.object({ name: z.string(), load: z.string() })),
  /** Grows whenever systemd said that unit files changed or were read anew; not there before the first time. */
  filesChanged: z.int().optional(),
});
export type HostUnits = z.infer<typeof hostUnits>;

/** One journal line; text is cleaned of control characters, `binary` says that it was not valid text. */
export const journalLine = z.object({
  at: epochMs,
  priority: z.int().min(0).max(7),
  identifier: z.string(),
  pid: z.string(),
  text: z.string(),
  cursor: z.string(),
});
export type JournalLine = z.infer<typeof journalLine>;

/** Everything about one unit, read on demand. */
export const unitDetail = z.object({
  readAt: epochMs,
  unit,
  unitFileState: z.string(),
  fragmentPath: z.string(),
  /** The unit file and its drop-ins with their texts, as `systemctl cat` shows them. */
  files: z.array(z.object({ path: z.string(), text: z.string() })),
  needDaemonReload: z.boolean(),
  mainPid: z.int(),
  mainProcess: z.string(),
  result: z.string(),
  exitStatus: z.string(),
  restarts: z.int(),
  activeSince: epochMs.nullable(),
  memoryBytes: z.number().nullable(),
  cpuNanoseconds: z.number().nullable(),
  tasks: z.number().nullable(),
  requires: z.array(z.string()),
  wants: z.array(z.string()),
  after: z.array(z.string()),
  requiredBy: z.array(z.string()),
  wantedBy: z.array(z.string()),
  triggeredBy: z.array(z.string()),
  documentation: z.array(z.string()),
  journal: z.array(journalLine),
  /** Why the journal is empty when it could not be read; empty otherwise. */
  journalReason: z.string(),
});
export type UnitDetail = z.infer<typeof unitDetail>;

export const unitVerbs = ['start', 'stop', 'restart', 'reload', 'enable', 'disable', 'reset-failed'] as const;
export const unitVerb = z.enum(unitVerbs);
export type UnitVerb = z.infer<typeof unitVerb>;

/** What a unit action would do, said before it is done: each host has either its step or the reason it is left out. */
export const unitPlan = z.object({
  /** All that were asked for, each once. */
  hosts: z.array(hostName).min(1).max(5000),
  unit: unitName,
  verb: unitVerb,
  /** Per host: the exact command, the unit's present state and whether a password is needed. */
  steps: z.array(
    z.object({
      host: hostName,
      command: z.string(),
      before: z.string(),
      elevation: z.enum(['root', 'sudo', 'sudo-password', 'none', 'unknown']),
    }),
  ),
  /** The hosts that nothing would be done on, and why: not connected, no such unit, no way to root, observe mode. */
  leftOut: z.array(z.object({ host: hostName, reason: problem })),
  undo: z.string(),
  /** Hash of the facts its steps rest on; `unit.act` refuses another one. */
  fingerprint: z.string(),
});
export type UnitPlan = z.infer<typeof unitPlan>;

/** Every unit name over the hosts, with how many of them have it in which active state. */
export const countedUnits = z.object({
  units: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      /** Hosts that have it. */
      hosts: z.int(),
      /** Of those, by active state. */
      states: z.record(z.string(), z.int()),
      /** Of those, with a queued job. */
      jobs: z.int(),
    }),
  ),
  /** Names left out, as there are too many: those that fewest hosts have. */
  more: z.int(),
  /** Hosts that were counted. */
  read: z.int(),
  /** Hosts whose units are not known now. */
  unread: z.array(hostName),
});
export type CountedUnits = z.infer<typeof countedUnits>;

/** One unit over the hosts. */
export const hostsOfUnit = z.object({
  hosts: z.array(z.object({ host: hostName, unit })),
  /** Hosts whose systemd has not loaded it: it is not there, or nothing asked for it yet. */
  without: z.array(hostName),
  unread: z.array(hostName),
});
export type HostsOfUnit = z.infer<typeof hostsOfUnit>;

/** What a unit is made of on one host, read on demand. */
export const unitFiles = z.object({
  host: hostName,
  /** Names the texts in `variants`; null when there are none, or they could not be read. */
  variant: z.string().nullable(),
  load: z.string(),
  active: z.string(),
  unitFileState: z.string(),
  /** The unit file first, then its drop-ins in the order in which systemd reads them. */
  paths: z.array(z.string()),
  needDaemonReload: z.boolean(),
  reason: problem.nullable(),
});
export type UnitFilesOfHost = z.infer<typeof unitFiles>;

/** One unit's files over hosts, each distinct set of texts once by its hash. */
export const unitFilesOverHosts = z.object({
  hosts: z.array(unitFiles),
  variants: z.record(z.string(), z.array(z.object({ path: z.string(), text: z.string() }))),
});
export type UnitFilesOverHosts = z.infer<typeof unitFilesOverHosts>;

/** Where one host is in an action; `then-failed` is "started, then failed". */
export const actionOutcome = z.object({
  host: hostName,
  state: z.enum(['waiting', 'running', 'watching', 'done', 'failed', 'then-failed', 'refused', 'cancelled']),
  text: z.string(),
  exitCode: z.int().nullable(),
  durationMs: z.number().nullable(),
  /** What a reboot waits for, where it does. */
  waitsFor: z.enum(obstacles).optional(),
});
export type ActionOutcome = z.infer<typeof actionOutcome>;
