import { z } from 'zod';

/** Opens on these days (0 is Monday) at this minute of the day by the clock of a zone, and stays open for a time; see `shared/lib/reboot/window.ts`. */
export const rebootWindows = z.object({
  /** As Intl knows it: `Europe/Rome`, `UTC`. */
  timeZone: z.string().min(1).max(60),
  windows: z
    .array(
      z.object({
        days: z.array(z.int().min(0).max(6)).min(1).max(7),
        from: z.int().min(0).max(1439),
        lengthMs: z.int().min(60_000).max(604_800_000),
        measure: z.enum(['elapsed', 'wall']),
      }),
    )
    .min(1)
    .max(20),
});

/** When and how hosts go down on purpose. All of it must hold at once. */
export const rebootPolicy = z.object({
  /** Null is any time. */
  windows: rebootWindows.nullable(),
  /** `cluster`: a slot of the lock that the cluster's own agents use is held while a host is down. */
  lock: z.enum(['cluster', 'none']),
  /** The lock's group; empty is the default one. */
  lockGroup: z.string().max(200),
  /** Hosts down at once, whatever the lock allows. */
  atOnce: z.int().min(1).max(5000),
  /** No more than so many hosts begin to go down in so long. */
  rate: z.object({ hosts: z.int().min(1).max(5000), perS: z.int().min(1).max(604_800) }).nullable(),
  /** How long people who are logged in are warned and waited for; 0 goes at once. */
  peopleWaitS: z.int().min(0).max(86_400),
  /** A download may take this long, and a boot. */
  updateTimeoutS: z.int().min(30).max(86_400),
  bootTimeoutS: z.int().min(30).max(7200),
  /** A host whose gates fail in its new system is booted into the one before, once. */
  rollBackOnFailure: z.boolean(),
});
export type RebootPolicy = z.infer<typeof rebootPolicy>;

/** One host down at a time under the cluster's lock, and back to its old system when the new one is not well. */
export const defaultReboots: RebootPolicy = {
  windows: null,
  lock: 'cluster',
  lockGroup: '',
  atOnce: 1,
  rate: null,
  peopleWaitS: 300,
  updateTimeoutS: 3600,
  bootTimeoutS: 900,
  rollBackOnFailure: true,
};

/** What stands in the way of a reboot, one condition each, in the order in which they are looked at. */
export const obstacles = ['mode', 'quorum', 'window', 'lock', 'person', 'rate'] as const;
export const rebootObstacle = z.object({
  by: z.enum(obstacles),
  /** One sentence with its evidence. */
  text: z.string(),
  /** When it is expected to be gone; null where nobody knows. */
  until: z.number().nullable(),
});
export type RebootObstacle = z.infer<typeof rebootObstacle>;
