import { z } from 'zod';
import { clusterId, epochMs, hostName } from './ids.ts';
import { columnChoice } from './preferences.ts';
import { problem } from './problem.ts';

export const clusterColours = ['blue', 'teal', 'green', 'amber', 'orange', 'red', 'pink', 'violet', 'grey'] as const;
export const clusterMode = z.enum(['observe', 'operate']);
export type ClusterMode = z.infer<typeof clusterMode>;

const thresholdFields = {
  cpuAttentionPercent: z.number().min(1).max(100),
  memoryAttentionPercent: z.number().min(1).max(100),
  memoryFailingPercent: z.number().min(1).max(100),
  diskAttentionPercent: z.number().min(1).max(100),
  diskFailingPercent: z.number().min(1).max(100),
  inodesAttentionPercent: z.number().min(1).max(100),
  pressureAttentionPercent: z.number().min(1).max(100),
  clockAttentionMs: z.number().min(1),
  silentSeconds: z.number().min(1).max(600),
  /** A figure must stay over its threshold this long before it is a reason. */
  holdSeconds: z.number().min(0).max(3600),
};

/** Health thresholds, all of them. Percentages are 0..100. */
export const thresholds = z.object(thresholdFields);

/** Some thresholds, as a cluster file may set under `health:`. */
export const thresholdChanges = z.object(thresholdFields).partial();
export type ThresholdChanges = z.infer<typeof thresholdChanges>;

/** What counts where a cluster file says nothing. */
export const defaultThresholds: Thresholds = {
  cpuAttentionPercent: 95,
  memoryAttentionPercent: 92,
  memoryFailingPercent: 98,
  diskAttentionPercent: 85,
  diskFailingPercent: 95,
  inodesAttentionPercent: 90,
  pressureAttentionPercent: 40,
  clockAttentionMs: 1000,
  silentSeconds: 5,
  holdSeconds: 20,
};
export type Thresholds = z.infer<typeof thresholds>;

const inOrder = [
  ['memoryAttentionPercent', 'memoryFailingPercent'],
  ['diskAttentionPercent', 'diskFailingPercent'],
] as const;

/** Thresholds of attention that lie above those of failing, so that attention would never be asked for; each in words. */
export function thresholdConflicts(
  all: Thresholds,
): { field: keyof Thresholds; below: keyof Thresholds; words: string }[] {
  return inOrder
    .filter(([attention, failing]) => all[attention] > all[failing])
    .map(([attention, failing]) => ({
      field: attention,
      below: failing,
      words: `${attention} ${all[attention]} is above ${failing} ${all[failing]}: a host would fail before it asks for attention`,
    }));
}

/** One cluster file as the switcher shows it, broken ones with their problems. */
export const clusterEntry = z.object({
  id: clusterId,
  file: z.string(),
  name: z.string(),
  colour: z.enum(clusterColours),
  mode: clusterMode,
  protected: z.boolean(),
  demo: z.boolean(),
  hosts: z.int(),
  problems: z.array(problem),
});
export type ClusterEntry = z.infer<typeof clusterEntry>;

/** The open cluster. */
export const clusterAbout = z.object({
  id: clusterId,
  name: z.string(),
  colour: z.enum(clusterColours),
  mode: clusterMode,
  protected: z.boolean(),
  demo: z.boolean(),
  file: z.string(),
  thresholds,
  problems: z.array(problem),
  /** Other windows and browsers on this console that have this cluster open. */
  viewers: z.int(),
});
export type ClusterAbout = z.infer<typeof clusterAbout>;

/** A host key nobody has accepted yet, or one that changed. */
export const hostKeyQuestion = z.object({
  host: hostName,
  address: z.string(),
  type: z.string(),
  fingerprint: z.string(),
  /** Fingerprints that known_hosts holds for this name; not empty means the key CHANGED. */
  known: z.array(z.object({ type: z.string(), fingerprint: z.string(), place: z.string() })),
  seenAt: epochMs,
});
export type HostKeyQuestion = z.infer<typeof hostKeyQuestion>;

/** Something only a person can supply; one prompt may serve many hosts (a key's passphrase). */
export const authPrompt = z.object({
  id: z.string(),
  kind: z.enum(['passphrase', 'password', 'keyboard-interactive', 'etcd-password', 'update-server-token']),
  /** What is asked, in the console's words. */
  title: z.string(),
  /** The server's own words for keyboard-interactive, cleaned of control characters. */
  instructions: z.string(),
  fields: z.array(z.object({ label: z.string(), secret: z.boolean() })),
  hosts: z.array(z.string()),
  canRemember: z.boolean(),
  error: z.string(),
});
export type AuthPrompt = z.infer<typeof authPrompt>;

/** What an import found, before anything is written. */
export const importPreview = z.object({
  hosts: z.array(
    z.object({
      name: z.string(),
      address: z.string(),
      port: z.int(),
      user: z.string(),
      jump: z.array(z.string()),
      identityFiles: z.array(z.string()),
      labels: z.record(z.string(), z.string()),
    }),
  ),
  problems: z.array(problem),
  /** Rows that were left out, each with why (wildcard patterns, duplicates). */
  skipped: z.array(z.object({ what: z.string(), why: z.string() })),
});
export type ImportPreview = z.infer<typeof importPreview>;

/** A named filter of the fleet view. */
export const savedView = z.object({
  name: z.string().min(1).max(80),
  filter: z.string().max(1000),
  layout: z.enum(['table', 'honeycomb']),
  groupBy: z.string(),
  sort: z.object({ column: z.string(), descending: z.boolean() }),
  /** With their widths; views saved before those were kept have names alone. */
  columns: z
    .array(
      z.union([
        columnChoice,
        z
          .string()
          .max(100)
          .transform((id) => ({ id, width: null })),
      ]),
    )
    .max(60),
});
export type SavedView = z.infer<typeof savedView>;
