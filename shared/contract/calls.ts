import { z } from 'zod';
import { activityEntry } from './activity.ts';
import { askGroup } from './ask.ts';
import {
  archivedChange,
  changeHistory,
  changeDraft,
  changeId,
  changePlan,
  changeVerbs,
  comparedFile,
  filePath,
  hostChange,
} from './change.ts';
import { clusterMode, importPreview, savedView, thresholdChanges } from './cluster.ts';
import { clusterId, epochMs, hostName, unitName } from './ids.ts';
import {
  configDocument,
  correction,
  documentName,
  documentRevision,
  driftedFile,
  exportFormats,
  hostLayers,
  renderedDocument,
} from './document.ts';
import { preferences } from './preferences.ts';
import { problem } from './problem.ts';
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
import { countedUnits, foundUnit, hostsOfUnit, unitDetail, unitFilesOverHosts, unitPlan, unitVerb } from './unit.ts';

const nothing = z.object({});
const hosts = z.array(hostName).min(1).max(5000);
/** A lock as it was when its plan was read. */
const plannedLock = { kind: lockKind, group: lockGroup, revision: z.int() };

/**
 * Every call a view can make. `query` reads and dies with the session; `edit` changes the console's own things;
 * `change` alters a host, is refused in observe mode, and is written to the activity log.
 */
export const calls = {
  'host.unit': { kind: 'query', input: z.object({ host: hostName, unit: unitName }), output: unitDetail },
  /** Units of all connected hosts whose name holds a text, the likeliest first. */
  'unit.find': {
    kind: 'query',
    input: z.object({ text: z.string().min(1).max(200), most: z.int().min(1).max(50) }),
    output: z.object({ units: z.array(foundUnit) }),
  },
  /** All unit names of the cluster's hosts, counted by state; `type` is a suffix as `service`, or `all`. */
  'unit.counts': { kind: 'query', input: z.object({ type: z.string().max(40) }), output: countedUnits },
  'unit.hosts': { kind: 'query', input: z.object({ unit: unitName }), output: hostsOfUnit },
  /** Reads the unit's files on these hosts. */
  'unit.files': { kind: 'query', input: z.object({ unit: unitName, hosts }), output: unitFilesOverHosts },
  'activity.list': {
    kind: 'query',
    input: z.object({
      text: z.string().max(200),
      before: z.int().nullable(),
      limit: z.int().min(1).max(500),
      /** Entries of this cluster alone; of all when left out. */
      cluster: clusterId.optional(),
    }),
    output: z.object({
      entries: z.array(activityEntry),
      total: z.int(),
      /** Whether the hash chain holds; the first broken line otherwise. */
      chain: z.object({ ok: z.boolean(), brokenAt: z.int().nullable() }),
    }),
  },
  /** One entry by the beginning of its hash, null where this console's log has none: a link names it so. */
  'activity.read': {
    kind: 'query',
    input: z.object({ hash: z.string().regex(/^[0-9a-f]{12,64}$/) }),
    output: z.object({ entry: activityEntry.nullable() }),
  },
  'ask.output': {
    kind: 'query',
    input: z.object({ run: z.string(), group: z.string() }),
    output: z.object({ group: askGroup, text: z.string() }),
  },
  'clusters.read': {
    kind: 'query',
    input: z.object({ id: clusterId }),
    output: z.object({ text: z.string(), version: z.string() }),
  },
  'clusters.check': {
    kind: 'query',
    input: z.object({ text: z.string().max(4_000_000) }),
    output: z.object({ problems: z.array(problem), hosts: z.int() }),
  },
  'import.preview': {
    kind: 'query',
    input: z.object({
      format: z.enum(['ssh-config', 'ansible-ini', 'ansible-yaml', 'list']),
      /** Null reads the user's own `~/.ssh/config`; allowed for ssh-config only. */
      text: z.string().max(4_000_000).nullable(),
    }),
    output: importPreview,
  },

  'clusters.create': {
    kind: 'edit',
    input: z.object({ id: clusterId, text: z.string().max(4_000_000) }),
    output: z.object({ id: clusterId }),
  },
  /** Makes a cluster file from an import; hosts are written out, secrets never. */
  'clusters.import': {
    kind: 'edit',
    input: z.object({ name: z.string().min(1).max(80), mode: clusterMode, hosts: importPreview.shape.hosts }),
    output: z.object({ id: clusterId }),
  },
  /** Refused with `conflict` when the file changed since `version`. */
  'clusters.save': {
    kind: 'edit',
    input: z.object({ id: clusterId, text: z.string().max(4_000_000), version: z.string() }),
    output: z.object({ version: z.string() }),
  },
  'clusters.delete': { kind: 'edit', input: z.object({ id: clusterId }), output: nothing },
  'clusters.set-mode': { kind: 'edit', input: z.object({ id: clusterId, mode: clusterMode }), output: nothing },
  'clusters.set-thresholds': {
    kind: 'edit',
    input: z.object({ id: clusterId, thresholds: thresholdChanges }),
    output: nothing,
  },
  'keys.accept': {
    kind: 'edit',
    input: z.object({ keys: z.array(z.object({ host: hostName, fingerprint: z.string() })).min(1) }),
    output: z.object({ accepted: z.int() }),
  },
  'keys.refuse': { kind: 'edit', input: z.object({ hosts }), output: nothing },
  'prompt.answer': {
    kind: 'edit',
    /** Null answers: the person declined; the hosts stay in needs-authentication. */
    input: z.object({ id: z.string(), answers: z.array(z.string().max(10_000)).nullable(), remember: z.boolean() }),
    output: nothing,
  },
  'hosts.connect': { kind: 'edit', input: z.object({ hosts }), output: nothing },
  'hosts.disable': { kind: 'edit', input: z.object({ hosts }), output: nothing },
  'hosts.maintenance': {
    kind: 'edit',
    /** Null lifts it. */
    input: z.object({
      hosts,
      maintenance: z.object({ reason: z.string().min(1).max(500), until: epochMs }).nullable(),
    }),
    output: nothing,
  },
  'views.save': { kind: 'edit', input: savedView, output: nothing },
  'views.delete': { kind: 'edit', input: z.object({ name: z.string() }), output: nothing },
  /** Those that are named become so, in every window of this console. */
  'preferences.save': { kind: 'edit', input: preferences.partial(), output: nothing },
  /** Takes a kept secret out of the vault; what is open stays open. */
  'vault.forget': { kind: 'edit', input: z.object({ name: z.string().min(1).max(2000) }), output: nothing },
  /** Starts the embedded demo fleet and returns its cluster. */
  'demo.start': {
    kind: 'edit',
    input: z.object({ hosts: z.int().min(1).max(2000) }),
    output: z.object({ id: clusterId }),
  },

  /** What tokens in texts stand for; `where` is what they were seen in, for the activity log. */
  'secrets.reveal': {
    kind: 'query',
    input: z.object({ tokens: z.array(z.string().max(40)).min(1).max(1000), where: z.string().min(1).max(1100) }),
    output: z.object({ values: z.record(z.string(), z.string()) }),
  },
  /** One file over many hosts; each text once, by its hash. */
  'change.compare': {
    kind: 'query',
    input: z.object({ hosts, path: filePath, password: z.string().max(1000).nullable() }),
    output: z.object({ files: z.array(comparedFile), texts: z.record(z.string(), z.string()) }),
  },
  'change.plan': {
    kind: 'query',
    input: z.object({ draft: changeDraft, password: z.string().max(1000).nullable() }),
    output: changePlan,
  },
  'change.read': {
    kind: 'query',
    input: z.object({ id: changeId }),
    output: z.object({ plan: changePlan, hosts: z.array(hostChange) }),
  },
  /** What one host wrote down, and what the gates saw there. */
  'change.host': {
    kind: 'query',
    input: z.object({ id: changeId, host: hostName }),
    output: hostChange.pick({ evidence: true }),
  },
  /** The plan that leads back from a change that is over; hosts that moved on since are left out of it. */
  'change.plan-undo': {
    kind: 'query',
    input: z.object({ id: changeId, password: z.string().max(1000).nullable() }),
    output: changePlan,
  },
  /** What is kept of a change that is long over. */
  'change.archived': { kind: 'query', input: z.object({ id: changeId }), output: archivedChange },
  'change.history': { kind: 'query', input: z.object({ path: filePath }), output: changeHistory },
  /** Writes the plan down, for every console of the cluster to see; nothing is done to a host. */
  'change.propose': { kind: 'change', input: z.object({ plan: changePlan }), output: nothing },
  /** Refused with `stale` when the plan's hash is another one. */
  'change.approve': { kind: 'change', input: z.object({ id: changeId, hash: z.string() }), output: nothing },
  'change.act': {
    kind: 'change',
    input: z.object({
      id: changeId,
      verb: z.enum(changeVerbs),
      /** For `accept` and `skip`: one, or several at once. */
      host: z.union([hostName, hosts]).nullable(),
      password: z.string().max(1000).nullable(),
    }),
    output: nothing,
  },

  /** A document as of a revision; null is the newest. */
  'document.read': {
    kind: 'query',
    input: z.object({ name: documentName, revision: z.int().min(1).nullable() }),
    output: z.object({ document: configDocument, revision: documentRevision }),
  },
  /** Every revision, the newest first. */
  'document.revisions': {
    kind: 'query',
    input: z.object({ name: documentName }),
    output: z.array(documentRevision),
  },
  /** What a document, saved or not, comes to; for one host with its own values, for none with placeholders kept. */
  'document.render': {
    kind: 'query',
    input: z.object({ document: configDocument, host: hostName.nullable() }),
    output: renderedDocument.extend({ hosts: z.array(hostName) }),
  },
  /** Reads the hosts again now and answers when it has. */
  'document.check': {
    kind: 'query',
    input: z.object({ names: z.array(documentName).max(1000), password: z.string().max(1000).nullable() }),
    output: nothing,
  },
  'document.drift': {
    kind: 'query',
    input: z.object({ name: documentName, host: hostName, password: z.string().max(1000).nullable() }),
    output: z.array(driftedFile),
  },
  /** What brings these hosts to what these documents say, to be planned as any change; null hosts are all of them. */
  'document.correct': {
    kind: 'query',
    input: z.object({
      names: z.array(documentName).min(1).max(1000),
      hosts: z.array(hostName).max(5000).nullable(),
    }),
    output: correction,
  },
  /** Everything that a host is to be and by whom, read anew on it; answers when it was. */
  'host.layers': {
    kind: 'query',
    input: z.object({ host: hostName, password: z.string().max(1000).nullable() }),
    output: hostLayers,
  },
  /** One file of a host as whoever holds for it says, and as it stands there. */
  'host.layer': {
    kind: 'query',
    input: z.object({ host: hostName, path: filePath, password: z.string().max(1000).nullable() }),
    output: driftedFile,
  },
  /** What brings files of a host back to what its changes or its first boot left; documents are corrected by themselves. */
  'host.correct': {
    kind: 'query',
    input: z.object({
      host: hostName,
      paths: z.array(filePath).min(1).max(200),
      password: z.string().max(1000).nullable(),
    }),
    output: correction,
  },
  /** A document that says of a file what one host has; not saved yet. */
  'host.adopt': {
    kind: 'query',
    input: z.object({ host: hostName, path: filePath, password: z.string().max(1000).nullable() }),
    output: configDocument,
  },
  /** The document with what a host has in place of what it says about these paths; not saved yet. */
  'document.adopt': {
    kind: 'query',
    input: z.object({
      name: documentName,
      host: hostName,
      paths: z.array(z.string()).min(1).max(200),
      password: z.string().max(1000).nullable(),
    }),
    output: configDocument,
  },
  /** Documents together as one text for provisioning; `notes` says what it cannot hold. With a host: only those for it. */
  'document.export': {
    kind: 'query',
    input: z.object({
      names: z.array(documentName).min(1).max(1000),
      host: hostName.nullable(),
      format: z.enum(exportFormats),
    }),
    output: z.object({ text: z.string(), notes: z.array(z.string()) }),
  },
  /** Keeps a new revision. `base` is the one that was edited, null for a new document; `conflict` when another is newest. */
  'document.save': {
    kind: 'change',
    input: z.object({ document: configDocument, base: z.int().nullable(), message: z.string().max(500) }),
    output: documentRevision,
  },
  /** Its revisions are kept; nothing is removed from a host. */
  'document.remove': {
    kind: 'change',
    input: z.object({ name: documentName, base: z.int(), message: z.string().max(500) }),
    output: nothing,
  },

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

  'unit.plan': { kind: 'query', input: z.object({ hosts, unit: unitName, verb: unitVerb }), output: unitPlan },
  'unit.act': {
    kind: 'change',
    input: z.object({ plan: unitPlan, password: z.string().max(1000).nullable() }),
    output: z.object({ action: z.string() }),
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
  'ask.start': {
    kind: 'change',
    input: z.object({
      hosts,
      command: z.string().min(1).max(20_000),
      timeoutS: z.number().min(1).max(3600),
      elevate: z.boolean(),
      password: z.string().max(1000).nullable(),
    }),
    output: z.object({ run: z.string() }),
  },
  /** Allowed in observe mode too: it only ends what was begun before. On record as any answer is. */
  'ask.cancel': { kind: 'edit', input: z.object({ run: z.string() }), output: nothing },
} as const satisfies Record<string, { kind: 'query' | 'edit' | 'change'; input: z.ZodType; output: z.ZodType }>;

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.infer<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.infer<(typeof calls)[N]['output']>;
