import { z } from 'zod';
import { epochMs, hostName, unitName } from './ids.ts';
import { isTimeZone } from '../lib/reboot/zoned-time.ts';
import { problem } from './problem.ts';
import { rebootPolicy } from './reboot.ts';
import { hostWork, workProgress } from './work.ts';

/** A change's id: the day it was planned and six hex digits; part of file and unit names on hosts. */
export const changeId = z.string().regex(/^\d{8}-[0-9a-f]{6}(-back)?$/, 'not the id of a change');

/** An absolute path of a file, as it is written: no `..`, no doubled slash, no control characters. */
export const filePath = z
  .string()
  .max(1024)
  .regex(/^(\/(?!\.{1,2}(\/|$))[^/\p{Cc}]+)+$/u, 'not an absolute path of a file')
  .refine((path) => path.trim() === path, 'a path does not end in a space');

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256');

/** What stands at a path, as far as it is compared. Mode is octal without a leading zero. */
export const fileState = z.union([
  z.object({ kind: z.literal('absent') }),
  z.object({
    kind: z.literal('file'),
    hash,
    mode: z.string().regex(/^[0-7]{1,4}$/),
    uid: z.int().min(0),
    gid: z.int().min(0),
  }),
]);
export type FileState = z.infer<typeof fileState>;

/** What is told of files before a change, and not compared: over the hosts of a step, when they were written and their SELinux labels. */
export const toldOfFiles = z.object({
  writtenFrom: epochMs,
  writtenTo: epochMs,
  labels: z.array(z.string().max(200)).max(20),
});
export type ToldOfFiles = z.infer<typeof toldOfFiles>;

/** One file of a plan: exactly what must be there before, and what is after. */
export const plannedFile = z.object({
  path: filePath,
  before: fileState,
  after: fileState,
  told: toldOfFiles.optional(),
});
export type PlannedFile = z.infer<typeof plannedFile>;

export const unitStepVerbs = [
  'daemon-reload',
  'reload',
  'restart',
  'reload-or-restart',
  'start',
  'stop',
  'enable',
  'disable',
  'mask',
  'unmask',
  'set-hostname',
] as const;

/** Whether a step names a unit: all but two do. */
export function takesUnit(verb: (typeof unitStepVerbs)[number]): boolean {
  return verb !== 'daemon-reload' && verb !== 'set-hostname';
}

/** One call of systemctl, or for `set-hostname` the running name made what /etc/hostname says. Those two have no unit, all others one. */
export const unitStep = z
  .object({ verb: z.enum(unitStepVerbs), unit: unitName.nullable() })
  .refine(({ verb, unit }) => takesUnit(verb) === (unit !== null), 'daemon-reload and set-hostname alone take no unit');
export type UnitStep = z.infer<typeof unitStep>;

/** A check by the host's own tools: of a copy before anything is changed, or of the file in place before units act. */
export const validator = z.object({
  name: z.string().min(1).max(100),
  when: z.enum(['staged', 'in-place']),
  path: filePath,
  /** Shell text; `$1` is the file, `$QD_ROOT` a folder that mirrors `/` with the new files. */
  command: z.string().min(1).max(4000),
});
export type Validator = z.infer<typeof validator>;

/** What is asked of a host after a change before it counts as good. */
export const gate = z.discriminatedUnion('kind', [
  /** Active when the change is made, and still `settleS` later. */
  z.object({ kind: z.literal('unit-active'), unit: unitName, settleS: z.int().min(0).max(600) }),
  /** `systemctl is-system-running` is no worse than before. */
  z.object({ kind: z.literal('system-running') }),
  /** Quarterdeck's own judgement of the host is no worse than before. */
  z.object({ kind: z.literal('health') }),
  z.object({ kind: z.literal('command'), command: z.string().min(1).max(4000), timeoutS: z.int().min(1).max(600) }),
  /** A TCP port of the host answers, asked on the host itself. */
  z.object({ kind: z.literal('port'), port: z.int().min(1).max(65_535) }),
  /** No more than so many kinds of warnings and errors are in this boot that were not in the boot before. */
  z.object({ kind: z.literal('new-in-boot'), most: z.int().min(0).max(10_000) }),
]);
export type Gate = z.infer<typeof gate>;

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** When a host may be begun: from a time of these days on, for so long, by the clock of a zone; UTC when none is named. */
export const changeWindow = z.object({
  days: z.array(z.enum(weekdays)).min(1).max(7),
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'not a time of the day'),
  minutes: z.int().min(5).max(1440),
  /** As Intl knows it. */
  timeZone: z.string().max(60).refine(isTimeZone, 'not a time zone').optional(),
});
export type ChangeWindow = z.infer<typeof changeWindow>;

/** How a change goes over its hosts. */
export const wavePolicy = z.object({
  /** Sizes in order; a percentage is of all hosts, rounded up. What is left after the last is one more wave. */
  waves: z.array(z.object({ size: z.number().min(1), unit: z.enum(['hosts', 'percent']) })).max(20),
  /** A label over whose values each wave is spread; null for the order of the selection. */
  spreadOver: z.string().max(100).nullable(),
  maxUnavailable: z.int().min(1).max(5000),
  soakS: z.int().min(0).max(86_400),
  /** Hosts that may fail before the change pauses; unreachable ones count. */
  failureBudget: z.int().min(0).max(5000),
  /** A host takes the change back by itself unless it is confirmed within this time. */
  deadmanS: z.int().min(10).max(3600),
  /** Whether the confirmation comes over a connection made for it, which proves that the host can still be reached. */
  confirmOver: z.enum(['new-connection', 'open-connection']),
  /** No host is begun outside of it; null is any time. */
  window: changeWindow.nullable().default(null),
  /** How hosts go down in it; left out where none does. */
  reboot: rebootPolicy.optional(),
});
export type WavePolicy = z.infer<typeof wavePolicy>;

/** One canary, then 10 %, half, and all. */
export const defaultWaves: WavePolicy = {
  waves: [
    { size: 1, unit: 'hosts' },
    { size: 10, unit: 'percent' },
    { size: 50, unit: 'percent' },
    { size: 100, unit: 'percent' },
  ],
  spreadOver: null,
  maxUnavailable: 25,
  soakS: 10,
  failureBudget: 0,
  deadmanS: 90,
  confirmOver: 'new-connection',
  window: null,
};

/** What is wished of one file. Null content removes it; null mode or owner keeps what is there (644 root for a new file). */
export const wishedFile = z.object({
  path: filePath,
  content: z.string().max(262_144).nullable(),
  mode: z
    .string()
    .regex(/^[0-7]{3,4}$/)
    .nullable(),
  owner: z.object({ uid: z.int().min(0), gid: z.int().min(0) }).nullable(),
  /** The hash the person saw before editing, by host; null where any present state is fine. */
  seen: z.record(hostName, hash.nullable()).nullable(),
});
export type WishedFile = z.infer<typeof wishedFile>;

/** What some hosts are to become. Its actions are done where one of its files changes, or where it has no files. */
export const changePart = z.object({
  hosts: z.array(hostName).min(1).max(5000),
  files: z.array(wishedFile).max(200),
  actions: z.array(unitStep).max(100),
  validators: z.array(validator).max(100),
  gates: z.array(gate).max(100),
  /** In place of files and actions: an update, a way back, a reboot. */
  work: hostWork.optional(),
});
export type ChangePart = z.infer<typeof changePart>;

/** What a person asks for; a host may be in several parts, but no file of it. Hosts come in the order in which parts name them. */
export const changeDraft = z.object({
  title: z.string().min(1).max(200),
  parts: z.array(changePart).min(1).max(5000),
  policy: wavePolicy,
});
export type ChangeDraft = z.infer<typeof changeDraft>;

/** What one host, or many that are alike, go through. */
export const plannedStep = z.object({
  hosts: z.array(hostName).min(1),
  files: z.array(plannedFile),
  actions: z.array(unitStep),
  /** Done after the files were put back. */
  undo: z.array(unitStep),
  validators: z.array(validator),
  gates: z.array(gate),
  /** `undo` is made of how units stood as it was planned: where they stand otherwise by then, the host is left alone. */
  undoByUnits: z.boolean().optional(),
  /** What the host is taken through in place of files and actions. */
  work: hostWork.optional(),
});
export type PlannedStep = z.infer<typeof plannedStep>;

/** A change as it can be read before anything is done: pure data; hosts are frozen by name. */
export const changePlan = z.object({
  id: changeId,
  title: z.string(),
  by: z.string(),
  at: epochMs,
  steps: z.array(plannedStep),
  /** Hosts as they are already wished. */
  unchanged: z.array(hostName),
  leftOut: z.array(z.object({ host: hostName, reason: problem })),
  /** Every host with a step, once, in the order in which they come. */
  waves: z.array(z.array(hostName).min(1)),
  policy: wavePolicy,
  /** Texts by their hash, those before and those after. */
  contents: z.record(hash, z.string()),
  /** Of everything above: what an approval is given to, and what must still be so when it begins. */
  hash,
});
export type ChangePlan = z.infer<typeof changePlan>;

/** A plan in a list: what it is called, whose it is, how large. */
export const changeSummary = z.object({
  id: changeId,
  title: z.string(),
  by: z.string(),
  at: epochMs,
  hash,
  hosts: z.int(),
  /** Hosts in each wave. */
  waves: z.array(z.int()),
  policy: wavePolicy,
});

/** Where one host is in a change. */
export const hostChangeStates = [
  'waiting',
  'applying',
  'verifying',
  'confirming',
  'done',
  'unchanged',
  'stale',
  'invalid',
  'restored',
  'not-restored',
  'unreachable',
  'inconclusive',
  'skipped',
  'undoing',
  'undone',
] as const;
export const hostChange = z.object({
  host: hostName,
  wave: z.int(),
  state: z.enum(hostChangeStates),
  /** Why, in words. */
  text: z.string(),
  attempt: z.int(),
  /** Which time it is done, where it was done before and put back since: each time goes by an id of its own on the host. */
  round: z.int().min(2).optional(),
  /** Steps that the host wrote down, and what the gates saw. */
  evidence: z.array(z.object({ at: epochMs, step: z.string(), text: z.string() })).max(200),
  startedAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
  /** Who went on although it failed: it does not count against the budget any more. */
  accepted: z.object({ by: z.string(), at: epochMs }).nullable().default(null),
  /** How far its work is, where its step has some. */
  work: workProgress.optional(),
});
export type HostChange = z.infer<typeof hostChange>;

export const changeStates = [
  'planned',
  'running',
  'paused',
  'stopped',
  'committed',
  'rolling-back',
  'rolled-back',
  'not-rolled-back',
] as const;
export type ChangeState = (typeof changeStates)[number];

/** Where a change is as a whole, and who drives it. */
export const changeProgress = z.object({
  state: z.enum(changeStates),
  /** Why it stands still, or what it waits for. */
  text: z.string(),
  wave: z.int(),
  /** Until when a wave soaks; null when none does. */
  soaksUntil: epochMs.nullable(),
  startedAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
  approvals: z.array(z.object({ by: z.string(), at: epochMs, hash })),
});
export type ChangeProgress = z.infer<typeof changeProgress>;

/** What stays of an old change: who, what, where and the hashes, not the texts. */
export const archivedChange = z.object({
  plan: changePlan.pick({ id: true, title: true, by: true, at: true, steps: true, hash: true }),
  state: z.enum(changeStates),
  endedAt: epochMs.nullable(),
  hosts: z.array(hostChange.pick({ host: true, state: true })),
});
export type ArchivedChange = z.infer<typeof archivedChange>;

/** The console that drives a change now; null when none does. */
export const changeOwner = z.object({ console: z.string(), person: z.string(), token: z.int(), here: z.boolean() });

/** What stands at a path of one host, as a person compares it; a host that cannot be read has the reason. */
export const comparedFile = z.object({
  host: hostName,
  kind: z.enum(['absent', 'link', 'other', 'unreadable', 'file', 'failed']),
  /** Of a file; mode and owner are told for what is compared only. */
  hash: z.string(),
  mode: z.string(),
  owner: z.string(),
  modifiedAt: epochMs.nullable(),
  reason: problem.nullable(),
});
export type ComparedFile = z.infer<typeof comparedFile>;

/** Which changes wrote a file, on which hosts, and what each left there (null: no file); the newest first. */
export const changeHistory = z.array(
  z.object({
    id: changeId,
    title: z.string(),
    by: z.string(),
    at: epochMs,
    hosts: z.array(hostName),
    left: z.array(z.object({ hash: hash.nullable(), hosts: z.array(hostName) })),
  }),
);
export type ChangeHistory = z.infer<typeof changeHistory>;

/** What a person may ask of a change; each means one thing only, see README of core/changes. */
export const changeVerbs = [
  'start',
  'pause',
  'resume',
  'stop',
  'roll-back',
  'retry-failed',
  'accept',
  'skip',
  'take-over',
  'hand-over',
] as const;
export type ChangeVerb = (typeof changeVerbs)[number];
