import { z } from 'zod';
import { epochMs, hostName } from './ids.ts';
import { problem } from './problem.ts';

/** Whose locks: locksmith's in etcd's v2 API, airlock's (FleetLock) among the keys of v3. */
export const lockKinds = ['locksmith', 'airlock'] as const;
export const lockKind = z.enum(lockKinds);
export type LockKind = z.infer<typeof lockKind>;

/** What a lock knows its holder by: a machine id, a zincati node's uuid, or any one line. */
export const holderId = z
  .string()
  .min(1)
  .max(256)
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'a holder is one line without control characters');

/** A group of hosts that share a lock; empty is locksmith's own, which has no name. */
export const lockGroup = z
  .string()
  .max(256)
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
  .regex(/^[^\u0000-\u001f\u007f]*$/);

/** The most slots that can be set here; a fleet that reboots more at once needs no lock. */
export const mostSlots = 1000;

/** One that has a slot. */
export const lockHolder = z.object({
  id: holderId,
  /** The host that goes by this id, null when none that was read does. */
  host: hostName.nullable(),
  /** When this console saw it take the slot; null when it had it before. */
  since: epochMs.nullable(),
  /** Its host is not reached, or is none of this cluster: nobody may be left to give the slot back. */
  gone: z.boolean(),
  /** Why it is thought gone, or what is known of it, in a sentence; empty when there is nothing to say. */
  evidence: z.string(),
});
export type LockHolder = z.infer<typeof lockHolder>;

/** One whose update is in place and whose agent wants a slot before it reboots. */
export const lockWaiter = z.object({
  host: hostName,
  /** When this console saw it begin to wait; null when it waited before. */
  since: epochMs.nullable(),
});
export type LockWaiter = z.infer<typeof lockWaiter>;

/** One group's lock. An unreadable value has a problem, no max and no holders, and is never written over. */
export const rebootLock = z.object({
  kind: lockKind,
  group: lockGroup,
  key: z.string(),
  max: z.int().nullable(),
  holders: z.array(lockHolder),
  /** The longest first, as far as hosts tell. */
  waiting: z.array(lockWaiter),
  /** etcd's own number of this value (v2 index, v3 revision): a write is refused once it is another. */
  revision: z.int(),
  problem: problem.nullable(),
});
export type RebootLock = z.infer<typeof rebootLock>;

/** The locks of the cluster's etcd, and how each place where they may be kept can be read. */
export const rebootLocks = z.object({
  places: z.array(
    z.object({
      kind: lockKind,
      /** `unsupported`: this etcd cannot keep such locks; `lost`: what is shown is of `readAt`. */
      state: z.enum(['reading', 'live', 'lost', 'unsupported']),
      readAt: epochMs.nullable(),
      problem: problem.nullable(),
    }),
  ),
  locks: z.array(rebootLock),
});
export type RebootLocks = z.infer<typeof rebootLocks>;

/** What a person may do to a lock. */
export const lockEdit = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('clear'), holder: holderId }),
  z.object({ verb: z.literal('set-max'), max: z.int().min(1).max(mostSlots) }),
]);
export type LockEdit = z.infer<typeof lockEdit>;

/** What an edit would write, to be read before it is confirmed; it holds for this revision only. */
export const lockPlan = z.object({
  kind: lockKind,
  group: lockGroup,
  key: z.string(),
  revision: z.int(),
  before: z.string(),
  after: z.string(),
  /** What should be thought of first, each a sentence. */
  warnings: z.array(z.string()),
});
export type LockPlan = z.infer<typeof lockPlan>;
