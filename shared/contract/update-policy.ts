import { z } from 'zod';
import { gate } from './change.ts';
import { rebootPolicy } from './reboot.ts';

export const groupName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'not the name of a group');

/** How the hosts of a group are kept up to date; kept in etcd, one key a group. A host is in the first group that selects it. */
export const updatePolicy = z.object({
  group: groupName,
  /** Which hosts, in the language of filters. */
  selector: z.string().min(1).max(500),
  /** Where in the list of groups it is looked at; the lowest first. */
  order: z.int().min(0).max(10_000),
  /** What the hosts follow; a pinned version keeps them at it. */
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('channel'), channel: z.string().min(1).max(200) }),
    z.object({ kind: z.literal('version'), version: z.string().min(1).max(200) }),
    z.object({ kind: z.literal('offered') }),
  ]),
  automatic: z.boolean(),
  paused: z.object({ by: z.string(), at: z.number(), why: z.string().max(500) }).nullable(),
  waves: z.array(z.object({ size: z.number().min(1), unit: z.enum(['hosts', 'percent']) })).max(20),
  spreadOver: z.string().max(100).nullable(),
  soakS: z.int().min(0).max(86_400),
  failureBudget: z.int().min(0).max(5000),
  gates: z.array(gate).max(100),
  reboot: rebootPolicy,
});
export type UpdatePolicy = z.infer<typeof updatePolicy>;
