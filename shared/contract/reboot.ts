import { z } from 'zod';
import { epochMs, hostName } from './ids.ts';
import { problem } from './problem.ts';

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

/** Somebody at a terminal or a screen of a host. */
export const loggedIn = z.object({
  name: z.string(),
  tty: z.string(),
  /** Where they came from; empty when at the host itself, or not known. */
  from: z.string(),
});
export type LoggedIn = z.infer<typeof loggedIn>;

/** How a person wants hosts rebooted. */
export const rebootOptions = z.object({
  /** Does not wait for people who are logged in; they are warned all the same. */
  now: z.boolean(),
  windows: rebootWindows.nullable(),
  atOnce: z.int().min(1).max(50),
});
export type RebootOptions = z.infer<typeof rebootOptions>;

/** What a reboot would do, said before it is done: each host has either its step or the reason it is left out. */
export const rebootPlan = z.object({
  hosts: z.array(hostName).min(1).max(5000),
  steps: z.array(
    z.object({
      host: hostName,
      /** The boot that would end: once it is another one, the host does not go down. */
      bootId: z.string().max(100),
      command: z.string(),
      elevation: z.enum(['root', 'sudo', 'sudo-password', 'none', 'unknown']),
      /** What stands in its way now, to be waited for. */
      obstacles: z.array(rebootObstacle),
      /** The lock that it would take, or why there is none; one sentence. */
      lock: z.string(),
      /** What else the boot does, one sentence each. */
      does: z.array(z.string()).max(5).optional(),
      people: z.array(loggedIn),
    }),
  ),
  leftOut: z.array(z.object({ host: hostName, reason: problem })),
});
export type RebootPlan = z.infer<typeof rebootPlan>;

/** Reboots that a person asked for, under way or done. */
export const rebootAction = z.object({
  id: z.string(),
  plan: rebootPlan,
  options: rebootOptions,
  by: z.string(),
  startedAt: epochMs,
});
