import { z } from 'zod';
import { epochMs, hostName } from './ids.ts';

/** A command asked of many hosts. */
export const askAbout = z.object({
  id: z.string(),
  command: z.string(),
  hosts: z.array(hostName),
  timeoutS: z.number(),
  elevate: z.boolean(),
  startedAt: epochMs,
  by: z.string(),
});

/** How each host stands: `silent` did not answer in time, `refused` was never reached. */
export const askHostState = z.enum(['waiting', 'running', 'answered', 'silent', 'lost', 'refused', 'cancelled']);

/** One group of equal answers: same exit code, same output bytes. */
export const askGroup = z.object({
  /** Hash of exit code and output; stable across the run. */
  id: z.string(),
  state: askHostState,
  exitCode: z.int().nullable(),
  signal: z.string(),
  hosts: z.array(hostName),
  /** The first lines, cleaned; the whole (bounded) text is `ask.output`. */
  excerpt: z.string(),
  bytes: z.number(),
  truncated: z.boolean(),
  durationMs: z.object({ min: z.number(), max: z.number() }),
});
export type AskGroup = z.infer<typeof askGroup>;

export const askProgress = z.object({
  state: z.enum(['running', 'done', 'cancelled']),
  finishedAt: epochMs.nullable(),
  waiting: z.int(),
  running: z.int(),
  answered: z.int(),
  silent: z.int(),
  groups: z.array(askGroup),
});
export type AskProgress = z.infer<typeof askProgress>;
