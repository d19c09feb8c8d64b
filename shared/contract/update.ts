import { z } from 'zod';
import { epochMs } from './ids.ts';
import { problem } from './problem.ts';
import { rebootWindows } from './reboot.ts';

/** The update agents that are understood. */
export const updateAgents = ['update-engine', 'rpm-ostree', 'bootc', 'apt', 'dnf'] as const;
export type UpdateAgentName = (typeof updateAgents)[number];

/** How far an update is, whatever agent brings it. */
export const updatePhases = [
  'idle',
  'checking',
  'available',
  'downloading',
  'finalizing',
  'staged',
  'failed',
  'disabled',
  'unknown',
] as const;
export const updatePhase = z.enum(updatePhases);
export type UpdatePhase = z.infer<typeof updatePhase>;

/** A place that a system boots from: an A/B partition or a deployment. */
export const updateSlot = z.object({
  name: z.string(),
  version: z.string().nullable(),
  booted: z.boolean(),
  /** What the next boot takes, as far as can be read. */
  next: z.boolean(),
  good: z.boolean().nullable(),
  tries: z.int().nullable(),
  priority: z.int().nullable(),
  pinned: z.boolean(),
  staged: z.boolean(),
});
export type UpdateSlot = z.infer<typeof updateSlot>;

/** What a host's update agent says of itself, alike for all agents; what only one knows is in `facts`. */
export const hostUpdate = z.object({
  readAt: epochMs,
  agent: z.enum([...updateAgents, 'none']),
  agentState: z.enum(['running', 'stopped', 'masked', 'missing', 'unreadable']),
  /** How it was read: told by the agent over the bus, by its command, or out of files alone. */
  how: z.enum(['bus', 'client', 'files']),
  phase: updatePhase,
  /** One sentence for a person. */
  phaseText: z.string(),
  progress: z.number().min(0).max(1).nullable(),
  running: z.string(),
  offered: z.string().nullable(),
  channel: z.string().nullable(),
  /** The file that sets the channel; empty where nothing does. */
  channelSource: z.string(),
  server: z.string().nullable(),
  lastCheckAt: epochMs.nullable(),
  rebootNeeded: z.boolean(),
  /** Why, of package managers: packages, or a kernel that is newer than the running one. */
  rebootBecause: z.array(z.string().max(300)).max(20).optional(),
  /** An update that systemd applies at the next boot, before anything else is started; left out where none is prepared. */
  offline: z.object({ by: z.enum(['dnf', 'PackageKit', 'somebody']), link: z.string(), to: z.string() }).optional(),
  heldBy: z.array(
    z.object({
      by: z.enum(['server', 'policy', 'person', 'lock', 'window', 'agent']),
      text: z.string(),
      /** What waits is the reboot alone. */
      reboot: z.literal(true).optional(),
    }),
  ),
  strategy: z.object({
    name: z.enum([
      'etcd-lock',
      'reboot',
      'off',
      'immediate',
      'fleet_lock',
      'periodic',
      'automatic',
      'by-hand',
      'unknown',
    ]),
    text: z.string(),
    source: z.string(),
  }),
  windows: z.array(z.object({ text: z.string(), timeZone: z.string() })),
  /** The windows in use as they can be reckoned with; left out where there are none, or they are not understood. */
  weekly: rebootWindows.optional(),
  slots: z.array(updateSlot),
  /** Packages that wait, of package managers; null for systems updated as a whole, or where it could not be read. */
  pending: z
    .object({
      total: z.int(),
      security: z.int(),
      held: z.int(),
      names: z.array(z.string()).max(50),
      /** Names all that waits with its versions, and what of it is for security: another one once anything else waits. */
      set: z.string().max(40).optional(),
      securitySet: z.string().max(40).optional(),
    })
    .nullable(),
  /** Releases, of package managers packages, that are not taken until somebody lifts it; not there where nobody can tell. */
  holds: z
    .array(z.object({ version: z.string(), by: z.string(), since: epochMs.nullable() }))
    .max(100)
    .optional(),
  facts: z.array(z.object({ name: z.string(), value: z.string(), source: z.string() })),
  problem: problem.nullable(),
});
export type HostUpdate = z.infer<typeof hostUpdate>;
