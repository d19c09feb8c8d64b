import { z } from 'zod';
import { gate } from './change.ts';
import { epochMs, hostName } from './ids.ts';
import { problem } from './problem.ts';
import { rebootPolicy } from './reboot.ts';
import { updateAgents } from './update.ts';

/** Part of addresses, where two names are of other places. */
export const groupName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'not the name of a group')
  .refine((name) => name !== 'server' && name !== 'service', 'the name of a place of its own');

/** How the hosts of a group are kept up to date; kept in etcd, one key a group. A host is in the first group that selects it. */
export const updatePolicy = z.object({
  group: groupName,
  /** Which hosts, in the language of filters. */
  selector: z.string().min(1).max(500),
  /** Hosts that are in it whatever selectors say; in one group at most. */
  members: z.array(hostName).max(5000).default([]),
  /** Where in the list of groups it is looked at; the lowest first. */
  order: z.int().min(0).max(10_000),
  /** What the hosts follow; a pinned version keeps them at it. */
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('channel'), channel: z.string().min(1).max(200) }),
    z.object({ kind: z.literal('version'), version: z.string().min(1).max(200) }),
    z.object({ kind: z.literal('offered') }),
  ]),
  /** Of hosts with packages: what of those that wait is installed; left out is all. */
  packages: z.literal('security').optional(),
  automatic: z.boolean(),
  paused: z.object({ by: z.string().max(300), at: z.number(), why: z.string().max(500) }).nullable(),
  waves: z.array(z.object({ size: z.number().min(1), unit: z.enum(['hosts', 'percent']) })).max(20),
  spreadOver: z.string().max(100).nullable(),
  soakS: z.int().min(0).max(86_400),
  failureBudget: z.int().min(0).max(5000),
  gates: z.array(gate).max(100),
  reboot: rebootPolicy,
});
export type UpdatePolicy = z.infer<typeof updatePolicy>;

/** A group as it is kept: its policy, who saved it last, and at which revision of its key. */
export const updateGroup = z.object({
  policy: updatePolicy,
  key: z.string(),
  revision: z.int(),
  by: z.string(),
  at: epochMs,
  /** The hosts that are in it now. */
  hosts: z.array(hostName),
  /** What its automatic roll-outs do or wait for, in words; null where it has none. */
  automatic: z.string().nullable(),
});
export type UpdateGroup = z.infer<typeof updateGroup>;

/** When a version was first seen offered or running. */
export const firstSeen = z.object({
  agent: z.enum([...updateAgents, 'none']),
  channel: z.string(),
  version: z.string(),
  at: epochMs,
});
export type FirstSeen = z.infer<typeof firstSeen>;

/** The update groups of a cluster, in the order in which they are looked at. */
export const updateGroups = z.object({
  kind: z.enum(['etcd', 'local']),
  /** Why they cannot be read, or some of them. */
  problem: problem.nullable(),
  groups: z.array(updateGroup),
  /** Of the versions that are offered now, or were yesterday. */
  firstSeen: z.array(firstSeen).max(500),
});
export type UpdateGroups = z.infer<typeof updateGroups>;

/** A policy as it is to be, over the revision that was edited; null where there was none. */
export const groupSaving = z.object({ policy: updatePolicy, base: z.int().nullable() });
export type GroupSaving = z.infer<typeof groupSaving>;
