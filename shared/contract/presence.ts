import { z } from 'zod';
import { epochMs } from './ids.ts';
import { problem } from './problem.ts';

/** A console that has this cluster open. */
export const presentConsole = z.object({
  id: z.string().min(1).max(100),
  person: z.string(),
  /** The machine it runs on. */
  console: z.string(),
  since: epochMs,
});
export type PresentConsole = z.infer<typeof presentConsole>;

/** Who has this cluster open: known of other consoles only through the cluster's etcd. */
export const presence = z.object({
  kind: z.enum(['etcd', 'local']),
  self: presentConsole,
  others: z.array(presentConsole),
  /** Why it is not known who else is there; the others are then those that were there last. */
  behind: problem.nullable(),
  /** Why others do not see this console. */
  unseen: problem.nullable(),
});
export type ClusterPresence = z.infer<typeof presence>;
