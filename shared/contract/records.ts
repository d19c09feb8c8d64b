import { z } from 'zod';
import { changeOwner, changeProgress, changeSummary, hostChange } from './change.ts';
import { askAbout, askProgress } from './ask.ts';
import { authPrompt, clusterAbout, clusterEntry, hostKeyQuestion, savedView } from './cluster.ts';
import { documentAbout, hostApplied, hostDrift } from './document.ts';
import { etcdCluster } from './etcd.ts';
import {
  hostDisks,
  hostFacts,
  hostHealth,
  hostIdentity,
  hostLink,
  hostLoad,
  hostMaintenance,
  hostReadings,
  hostTrend,
} from './host.ts';
import { epochMs } from './ids.ts';
import { hostKubernetes } from './kubernetes.ts';
import { preferences } from './preferences.ts';
import { presence } from './presence.ts';
import { problem } from './problem.ts';
import { rebootAction } from './reboot.ts';
import { rebootLocks } from './reboot-lock.ts';
import { hostRestarts } from './restart.ts';
import { actionOutcome, hostUnits, unitPlan } from './unit.ts';
import { updateServer } from './update-server.ts';
import { hostUpdate } from './update.ts';
import { updateService } from './update-service.ts';
import { updatePlan } from './update-act.ts';
import { updateGroups } from './update-policy.ts';

/**
 * Everything the view can hold: kinds of records, each made of sections that change on their own.
 * A section is replaced whole or removed (null); a record without sections is gone.
 */
export const sections = {
  /** The console itself; one record, id ''. */
  app: {
    clusters: z.array(clusterEntry),
    /** True when the shell can start the embedded demo fleet. */
    demo: z.object({ available: z.boolean(), starting: z.boolean() }),
    views: z.array(savedView),
    preferences,
    user: z.object({ name: z.string() }),
    /** The newest entry of the activity log, so that who shows the log knows when it grew. */
    activity: z.object({ last: z.int() }),
    /** The names of the secrets that this console keeps; never a value. */
    vault: z.object({ available: z.boolean(), names: z.array(z.string()) }),
  },
  /** The cluster this session looks at; one record, id ''. */
  cluster: {
    about: clusterAbout,
    etcd: etcdCluster,
    /** Absent where there is no etcd. */
    rebootLocks,
    /** Absent until it is known where it is kept. */
    updateService,
    updateGroups,
    /** Absent where the cluster file names none. */
    updateServer,
    keys: z.array(hostKeyQuestion),
    prompts: z.array(authPrompt),
    /** Where changes are written down, and why it cannot be reached. */
    journal: z.object({ kind: z.enum(['etcd', 'local']), problem: problem.nullable() }),
    /** Where it is written down which hosts are down on purpose, and why what others wrote there is not known. */
    maintenance: z.object({ kind: z.enum(['etcd', 'local']), problem: problem.nullable() }),
    presence,
    /** Where documents are kept, and why they cannot be read. `where` is a folder or the etcd, in words. */
    documents: z.object({ kind: z.enum(['etcd', 'folder', 'local']), where: z.string(), problem: problem.nullable() }),
  },
  /** A host; id is its name. */
  host: {
    identity: hostIdentity,
    link: hostLink,
    facts: hostFacts,
    load: hostLoad,
    disks: hostDisks,
    readings: hostReadings,
    trend: hostTrend,
    units: hostUnits,
    update: hostUpdate,
    /** Which units still run files that were replaced. */
    restarts: hostRestarts,
    /** Absent where the host is no node of Kubernetes, or nothing shows it. */
    kubernetes: hostKubernetes,
    health: hostHealth,
    maintenance: hostMaintenance,
    /** Files that changes wrote and no document names, and those that are otherwise now. */
    applied: hostApplied,
  },
  /** A command asked of the fleet; id is the run's. */
  ask: { about: askAbout, progress: askProgress },
  /** A staged change, whoever drives it; id is the change's. */
  change: {
    about: changeSummary,
    progress: changeProgress,
    /** Without their evidence, which `change.read` has. */
    hosts: z.array(hostChange.omit({ evidence: true })),
    owner: z.object({ owner: changeOwner.nullable(), needsApproval: z.boolean() }),
  },
  /** A document of the team's configuration; id is its name. */
  document: {
    about: documentAbout,
    /** One entry for each host it is for. */
    drift: z.array(hostDrift),
  },
  /** A unit action or reboots under way or done; id is the action's. It has `about` or `reboot`. */
  action: {
    reboot: rebootAction,
    about: z.object({ id: z.string(), plan: unitPlan, by: z.string(), startedAt: epochMs }),
    progress: z.object({ done: z.boolean(), outcomes: z.array(actionOutcome) }),
  },
  /** The same for what update agents were told. */
  'update-action': {
    about: z.object({ id: z.string(), plan: updatePlan, by: z.string(), startedAt: epochMs }),
    progress: z.object({ done: z.boolean(), outcomes: z.array(actionOutcome) }),
  },
} as const;

export type Sections = {
  [K in keyof typeof sections]: { [S in keyof (typeof sections)[K]]: z.infer<(typeof sections)[K][S]> };
};
export type Kind = keyof Sections;
export type SectionName<K extends Kind> = keyof Sections[K] & string;
/** A record as the replica holds it: any section may be missing. */
export type RecordOf<K extends Kind> = Partial<Sections[K]>;

/** One section of one record, changed: kind, id, section, new value or null for removed. */
export type Change = {
  [K in Kind]: { [S in SectionName<K>]: [K, string, S, Sections[K][S] | null] }[SectionName<K>];
}[Kind];

/**
 * The same as a patch may bring it: with `items` the value holds only items of a list by host, which replace those of the same
 * hosts; all others stay as and where they are.
 */
export type PatchChange = {
  [K in Kind]: { [S in SectionName<K>]: [K, string, S, Sections[K][S] | null, 'items'?] }[SectionName<K>];
}[Kind];

/** Whether a section is a list with one item for each host: a change of one host must not cost as much as one of all. */
export function isListByHost(kind: string, section: string): boolean {
  return (kind === 'change' && section === 'hosts') || (kind === 'document' && section === 'drift');
}

/** The schema of a section, or undefined for a name that does not exist. */
export function sectionSchema(kind: string, section: string): z.ZodType | undefined {
  if (!Object.hasOwn(sections, kind)) return undefined;
  const ofKind = sections[kind as Kind] as Record<string, z.ZodType>;
  return Object.hasOwn(ofKind, section) ? ofKind[section] : undefined;
}

const address = [z.string(), z.string(), z.string()] as const;

/** Checks one change against its section's schema. */
export const change = z
  .tuple([...address, z.unknown()])
  .transform((value, context) => checkSection(value, context) as Change);

/** Checks one change of a patch. */
export const patchChange = z
  .tuple([...address, z.unknown(), z.literal('items').optional()])
  .transform((value, context) => checkSection(value, context) as PatchChange);

type Unchecked = [kind: string, id: string, section: string, body: unknown, items?: 'items' | undefined];

function checkSection([kind, id, section, body, items]: Unchecked, context: z.core.$RefinementCtx): unknown {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const schema = sectionSchema(kind, section);
  if (!schema) return refuse(`no section ${section} in ${kind}`);
  if (items && !isListByHost(kind, section)) return refuse(`${kind} ${id} ${section} is no list by host`);
  if (body === null && !items) return [kind, id, section, null];
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    return refuse(`${kind} ${id} ${section}: ${first?.path.join('.')} ${first?.message}`);
  }
  return items ? [kind, id, section, parsed.data, items] : [kind, id, section, parsed.data];
}
