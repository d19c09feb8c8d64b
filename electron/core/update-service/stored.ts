import { z } from 'zod';
import { epochMs } from '#shared/contract/ids.ts';
import {
  instanceId,
  serviceActivity,
  serviceChannel,
  serviceGroup,
  serviceInstance,
  servicePackage,
} from '#shared/contract/update-service.ts';

const versioned = <T extends z.ZodType>(value: T) => z.object({ v: z.literal(1), value });

/** So many machines are known at most; more are not served. */
export const mostInstances = 5000;

const root = 'update-service/';
const setup = `${root}setup/`;

/** Where the update service is kept, below the store's root. Instances lie apart: nobody follows all of them. */
export const keys = {
  setup,
  packages: `${setup}packages/`,
  channels: `${setup}channels/`,
  groups: `${setup}groups/`,
  ledgers: `${setup}ledgers/`,
  activity: `${setup}activity/`,
  servers: `${setup}servers/`,
  instances: `${root}instances/`,
} as const;

/** What a group has given: written with each grant, so that of two grants at once one has to look again. */
export const groupLedger = z.object({
  /** Updates that were given and did not end; the instance, when, to which version, and of which roll-out. */
  open: z
    .array(z.object({ instance: instanceId, at: epochMs, version: z.string(), target: z.string() }))
    .max(mostInstances),
  /** When updates were given, for as long as the period of the policy or a day. */
  recent: z.array(epochMs).max(mostInstances),
  /** What came of the version that the channel names. */
  rollout: z
    .object({
      version: z.string(),
      startedAt: epochMs,
      attempted: z.int(),
      succeeded: z.int(),
      state: z.enum(['running', 'finished', 'failed']),
    })
    .nullable(),
});
export type GroupLedger = z.infer<typeof groupLedger>;

export const emptyLedger: GroupLedger = { open: [], recent: [], rollout: null };

/** A console that answers machines; its key goes when it does. */
export const servingConsole = z.object({
  url: z.string().max(300),
  by: z.string().max(300),
  since: epochMs,
});

export const stored = {
  packages: versioned(servicePackage),
  channels: versioned(serviceChannel),
  groups: versioned(serviceGroup),
  ledgers: versioned(groupLedger),
  activity: versioned(serviceActivity),
  servers: versioned(servingConsole),
  instances: versioned(serviceInstance),
} as const;

/** A value as it is written. */
export function storedText(value: unknown): string {
  return JSON.stringify({ v: 1, value });
}
