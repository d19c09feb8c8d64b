import { z } from 'zod';
import { epochMs } from './ids.ts';
import { problem } from './problem.ts';

const nodeName = z.string().min(1).max(253);

/** A slot of kured's lock, as it stands in an annotation of its daemon set. */
export const kuredOwner = z.object({
  node: nodeName,
  since: epochMs.nullable(),
  /** Null is for good. */
  expiresAt: epochMs.nullable(),
});

/** The marks that reboot coordinators of Kubernetes leave on the node that a host is, read there and never written. */
export const hostKubernetes = z.object({
  readAt: epochMs,
  node: z.string().max(253),
  /** With whose rights it was read: the file of kubectl's configuration; empty is kubectl's own choice. */
  config: z.string().max(300),
  /** Cordoned: no new pods come. */
  unschedulable: z.boolean(),
  /** Null where nothing of it is seen. */
  kured: z
    .object({
      /** Null where the daemon set's lock could not be read; why is in `problem`. */
      lock: z.object({ max: z.int().min(1), owners: z.array(kuredOwner).max(100) }).nullable(),
      inProgress: z.string().max(100).nullable(),
      rebootNeeded: z.string().max(100).nullable(),
    })
    .nullable(),
  /** The Flatcar Linux Update Operator, or its predecessor of Container Linux; null where nothing of it is seen. */
  fluo: z
    .object({
      rebootNeeded: z.boolean(),
      rebootOk: z.boolean(),
      inProgress: z.boolean(),
      paused: z.boolean(),
      madeUnschedulable: z.boolean(),
      status: z.string().max(100),
      newVersion: z.string().max(100),
      lastCheckedAt: epochMs.nullable(),
    })
    .nullable(),
  problem: problem.nullable(),
});
export type HostKubernetes = z.infer<typeof hostKubernetes>;
