import { z } from 'zod';
import { epochMs } from './ids.ts';

/** One line of the local log: who did what, when, where, with which outcome. Lines are chained by hash. */
export const activityEntry = z.object({
  seq: z.int(),
  at: epochMs,
  actor: z.string(),
  cluster: z.string(),
  host: z.string(),
  kind: z.enum([
    'unit',
    'ask',
    'host-key',
    'connection',
    'maintenance',
    'cluster-file',
    'mode',
    'session',
    'change',
    'document',
    'secrets',
    'lock',
    'reboot',
    'update-service',
    'update',
    'update-server',
  ]),
  what: z.string(),
  command: z.string(),
  exitCode: z.int().nullable(),
  durationMs: z.number().nullable(),
  outcome: z.enum(['ok', 'failed', 'refused', 'cancelled', 'timeout']),
  detail: z.string(),
  /** SHA-256 (hex) over the previous line's hash and this entry without `hash`. */
  hash: z.string(),
});
export type ActivityEntry = z.infer<typeof activityEntry>;
