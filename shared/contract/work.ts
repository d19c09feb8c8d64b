import { z } from 'zod';
import { epochMs } from './ids.ts';
import { obstacles } from './reboot.ts';
import { updateAgents } from './update.ts';

const version = z.string().min(1).max(200);

/** What a host is taken through by a change that is not about files; each ends with the host seen in the state that is named. */
export const hostWork = z.discriminatedUnion('kind', [
  /** Its agent checks, downloads and stages; then it boots. `to` null takes what is offered then. */
  z.object({
    kind: z.literal('update'),
    agent: z.enum(updateAgents),
    from: version.nullable(),
    to: version.nullable(),
    /** Of packages: those for security alone. */
    only: z.literal('security').optional(),
  }),
  /** It boots the system before this one, which is not offered to it again until the hold is lifted. */
  z.object({
    kind: z.literal('roll-back'),
    agent: z.enum(updateAgents),
    from: version.nullable(),
    to: version.nullable(),
  }),
  z.object({ kind: z.literal('reboot') }),
]);
export type HostWork = z.infer<typeof hostWork>;

/** Where a host is in its work. `waiting` has the condition it waits for beside it. */
export const workPhases = [
  'checking',
  'downloading',
  'staged',
  'waiting',
  'rebooting',
  'verifying',
  'rolling-back',
] as const;
export const workProgress = z.object({
  phase: z.enum(workPhases),
  since: epochMs,
  /** Of a download, 0 to 1. */
  progress: z.number().min(0).max(1).nullable(),
  waitsFor: z.enum(obstacles).nullable(),
  /** Versions as they are seen on the host: before, and what it is to boot. */
  from: z.string(),
  to: z.string().nullable(),
  /** The boot that the decision to reboot was about, and the one that came of it: a host goes down once for a decision. */
  bootBefore: z.string().nullable(),
  bootAfter: z.string().nullable(),
  /** Whether a slot of the cluster's lock is held for it. */
  holdsLock: z.boolean(),
  /** Whether it was taken back to its old system by itself: at most once. */
  rolledBack: z.boolean(),
});
export type WorkProgress = z.infer<typeof workProgress>;
