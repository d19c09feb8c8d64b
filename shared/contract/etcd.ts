import { z } from 'zod';
import { epochMs } from './ids.ts';

/** One etcd member as seen through its own endpoint; figures keep their last value with `readAt`. */
export const etcdMember = z.object({
  id: z.string(),
  name: z.string(),
  clientUrls: z.array(z.string()),
  peerUrls: z.array(z.string()),
  learner: z.boolean(),
  /** The host of the inventory that it runs on, when its address says so. */
  host: z.string().nullable(),
  state: z.enum(['up', 'unreachable', 'unauthorized', 'not-started', 'unknown']),
  reason: z.string(),
  since: epochMs,
  readAt: epochMs.nullable(),
  version: z.string(),
  dbBytes: z.number(),
  dbUsedBytes: z.number(),
  raftTerm: z.number(),
  raftIndex: z.number(),
  raftAppliedIndex: z.number(),
  /** Entries behind the most advanced member. */
  raftLag: z.number(),
  leader: z.boolean(),
  latencyMs: z.number().nullable(),
  errors: z.array(z.string()),
});
export type EtcdMember = z.infer<typeof etcdMember>;

/** The etcd cluster of a fleet; `none` when the cluster file names no endpoints. */
export const etcdCluster = z.object({
  state: z.enum(['none', 'connecting', 'healthy', 'degraded', 'no-quorum', 'unreachable', 'unauthorized']),
  reason: z.string(),
  since: epochMs,
  readAt: epochMs.nullable(),
  clusterId: z.string(),
  revision: z.number(),
  leaderId: z.string(),
  members: z.array(etcdMember),
  alarms: z.array(z.object({ memberId: z.string(), alarm: z.string() })),
});
export type EtcdCluster = z.infer<typeof etcdCluster>;
