import { z } from 'zod';
import { hostName } from './ids.ts';
import { rebootOptions, rebootPlan } from './reboot.ts';
import { holderId, lockEdit, lockGroup, lockKind, lockPlan, mostSlots } from './reboot-lock.ts';
import {
  instanceId,
  instanceStatus,
  listedInstances,
  readRelease,
  serviceId,
  serviceInstance,
  setupItem,
  setupKind,
} from './update-service.ts';
import { possibleAct, updateAct, updatePlan } from './update-act.ts';
import { groupName, groupSaving } from './update-policy.ts';
import { datedSpread } from './update-spread.ts';
import {
  serverActivity,
  serverChannel,
  serverEdit,
  serverHost,
  serverId,
  serverInstance,
  serverPackage,
  serverPlan,
} from './update-server.ts';
import type { CallShape } from './call-shape.ts';

const nothing = z.object({});
const hosts = z.array(hostName).min(1).max(5000);
/** A lock as it was when its plan was read. */
const plannedLock = { kind: lockKind, group: lockGroup, revision: z.int() };

/** Calls about updates, reboots and their locks, and update servers. */
export const updateCalls = {
  /** What would be written to a reboot lock. */
  'locks.plan': {
    kind: 'query',
    input: z.object({ kind: lockKind, group: lockGroup, edit: lockEdit }),
    output: lockPlan,
  },
  /** Takes exactly this holder out; refused with `stale` when the lock is no longer at `revision`. */
  'locks.clear': { kind: 'change', input: z.object({ ...plannedLock, holder: holderId }), output: nothing },
  'locks.set-max': {
    kind: 'change',
    input: z.object({ ...plannedLock, max: z.int().min(1).max(mostSlots) }),
    output: nothing,
  },
  /** What would be done to each host, and what stands in its way now. */
  'hosts.plan-reboot': { kind: 'query', input: z.object({ hosts, options: rebootOptions }), output: rebootPlan },
  /** One host after the other under lock and quorum guard; refused at once where etcd's quorum forbids it. */
  'hosts.reboot': {
    kind: 'change',
    input: z.object({ plan: rebootPlan, options: rebootOptions, password: z.string().max(1000).nullable() }),
    output: z.object({ action: z.string() }),
  },
  /** People who are logged in are no longer waited for. */
  'reboot.now': { kind: 'change', input: z.object({ action: z.string(), host: hostName }), output: nothing },
  /** Hosts that did not begin to go down stay up. Allowed in observe mode too. */
  'reboot.cancel': { kind: 'edit', input: z.object({ action: z.string() }), output: nothing },
  /** Machines that the update service knows, at most so many. */
  'update-service.instances': {
    kind: 'query',
    input: z.object({
      group: serviceId.nullable(),
      status: instanceStatus.nullable(),
      text: z.string().max(200),
      most: z.int().min(1).max(1000),
    }),
    output: listedInstances,
  },
  /** One machine with its history. */
  'update-service.instance': { kind: 'query', input: z.object({ id: instanceId }), output: serviceInstance },
  /** What is known of a release from its texts, or from a folder on the machine where the console runs. */
  'update-service.read-release': {
    kind: 'query',
    input: z.union([
      z.object({ folder: z.string().min(1).max(1000) }),
      z.object({
        versionText: z.string().max(20_000),
        digests: z.string().max(200_000),
        omahaResponse: z.string().max(64_000),
      }),
    ]),
    output: readRelease,
  },
  /** Writes a package, channel or group over what it was at `revision`, null for a new one; `stale` when it moved. */
  'update-service.save': {
    kind: 'change',
    input: z.object({ item: setupItem, revision: z.int().nullable() }),
    output: z.object({ revision: z.int() }),
  },
  /** Refused while something else uses it. */
  'update-service.remove': {
    kind: 'change',
    input: z.object({ kind: setupKind, id: serviceId, revision: z.int() }),
    output: nothing,
  },
  /** Which versions ran where, the last days, the oldest first. */
  'updates.spread': {
    kind: 'query',
    input: z.object({ days: z.int().min(1).max(90) }),
    output: z.object({ days: z.array(datedSpread) }),
  },
  /** Writes all of these policies or none; `conflict` names who was there first. */
  'updates.groups.save': {
    kind: 'change',
    input: z.object({ groups: z.array(groupSaving).min(1).max(50) }),
    output: z.object({ revision: z.int() }),
  },
  'updates.groups.remove': { kind: 'change', input: z.object({ group: groupName, base: z.int() }), output: nothing },
  /** No roll-out of it begins by itself until it is resumed. */
  'updates.groups.pause': {
    kind: 'change',
    input: z.object({ group: groupName, base: z.int(), why: z.string().min(1).max(500) }),
    output: nothing,
  },
  'updates.groups.resume': { kind: 'change', input: z.object({ group: groupName, base: z.int() }), output: nothing },
  /** Who of a group the update server heard of in the last day, and our hosts of it that it did not hear of. */
  'server.instances': {
    kind: 'query',
    input: z.object({ app: serverId, group: serverId }),
    output: z.object({
      instances: z.array(serverInstance),
      total: z.int(),
      unheard: z.array(z.object({ host: hostName, why: z.string() })),
    }),
  },
  /** What the update server last heard of a host; null where its settings name another one, or it has not been read. */
  'server.host': {
    kind: 'query',
    input: z.object({ host: hostName }),
    output: z.object({ seen: serverHost.nullable() }),
  },
  'server.packages': {
    kind: 'query',
    input: z.object({ app: serverId }),
    output: z.object({ packages: z.array(serverPackage), total: z.int(), channels: z.array(serverChannel) }),
  },
  /** The server's own log of the last seven days, the newest first. */
  'server.activity': {
    kind: 'query',
    input: z.object({ app: serverId.nullable(), group: serverId.nullable() }),
    output: z.object({ entries: z.array(serverActivity), total: z.int() }),
  },
  /** What an edit would send to the update server; nothing is sent. */
  'server.plan': { kind: 'query', input: z.object({ edit: serverEdit }), output: serverPlan },
  /** Reads the update server now, and asks for a token where it wants one. */
  'server.refresh': { kind: 'edit', input: nothing, output: nothing },
  /** Refused with `stale` when what the server has is no longer what the plan was made of. */
  'server.write': {
    kind: 'change',
    input: z.object({ edit: serverEdit, base: z.string().max(200) }),
    output: nothing,
  },
  /** Looks now at which units run files that were replaced; what is found is in the host's `restarts`. */
  'hosts.read-restarts': { kind: 'query', input: z.object({ host: hostName }), output: nothing },
  /** What a host's agent can be told as it is now, in the order of its buttons. */
  'updates.acts': {
    kind: 'query',
    input: z.object({ host: hostName }),
    output: z.object({ acts: z.array(possibleAct) }),
  },
  /** What an act would mean on each host, or why it cannot be told there. */
  'updates.plan-act': { kind: 'query', input: z.object({ hosts, act: updateAct }), output: updatePlan },
  'updates.act': {
    kind: 'change',
    input: z.object({ plan: updatePlan, password: z.string().max(1000).nullable() }),
    output: z.object({ action: z.string() }),
  },
} as const satisfies Record<string, CallShape>;
