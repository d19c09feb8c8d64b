import { z } from 'zod';
import { activityEntry } from './activity.ts';
import { askGroup } from './ask.ts';
import { clusterMode, importPreview, savedView, thresholdChanges } from './cluster.ts';
import { clusterId, epochMs, hostName } from './ids.ts';
import { preferences } from './preferences.ts';
import { problem } from './problem.ts';
import type { CallShape } from './call-shape.ts';

const nothing = z.object({});
const hosts = z.array(hostName).min(1).max(5000);

/** Calls about clusters, their connections and this console: hosts, keys, secrets, what was asked and done. */
export const clusterCalls = {
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
} as const satisfies Record<string, CallShape>;
