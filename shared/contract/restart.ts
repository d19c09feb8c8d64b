import { z } from 'zod';
import { epochMs } from './ids.ts';
import { problem } from './problem.ts';

/** Processes of one unit that still run files which were replaced or removed since they started. */
export const oldFilesUnit = z.object({
  /** As systemd names it; empty for processes outside any unit. */
  unit: z.string().max(255),
  processes: z.int().min(1),
  /** What its processes are called, a few of them. */
  programs: z.array(z.string().max(100)).max(5),
  /** When the oldest of them started. */
  startedAt: epochMs.nullable(),
  /** When the first of its files was replaced; null where nothing stands in the place of any. */
  replacedAt: epochMs.nullable(),
  /** A few of its old files. */
  files: z.array(z.string().max(500)).max(5),
  /** How many more there are. */
  moreFiles: z.int().min(0),
  /** The packages that the files are of now. */
  packages: z.array(z.string().max(128)).max(5),
});
export type OldFilesUnit = z.infer<typeof oldFilesUnit>;

/** What of a host would have to be started anew to use what was installed since. */
export const hostRestarts = z.object({
  readAt: epochMs,
  /** `own`: the login user's processes alone, for want of a way to root that asks for nothing. */
  sees: z.enum(['all', 'own']),
  units: z.array(oldFilesUnit).max(150),
  /** Units that are not listed, as there are too many, or the reading was cut short. */
  isPart: z.boolean(),
  problem: problem.nullable(),
});
export type HostRestarts = z.infer<typeof hostRestarts>;
