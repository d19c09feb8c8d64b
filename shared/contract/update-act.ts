import { z } from 'zod';
import { changeDraft } from './change.ts';
import { hostName } from './ids.ts';
import { problem } from './problem.ts';
import { updateAgents } from './update.ts';

/** A release; of package managers the name of a package. A file name too, so that nothing leads elsewhere. */
export const releaseName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.+:~_-]{0,127}$/, 'not the name of a release or a package');
/** A channel, stream or image reference. */
export const channelName = z.string().regex(/^[A-Za-z0-9][\w.+:@/-]{0,299}$/, 'not the name of a channel');
const slot = z.string().regex(/^[A-Za-z0-9][\w-]{0,60}$/, 'not the name of a slot');

/** What an update agent can be told. Which agent knows which, and why not, is said by a plan. */
export const updateAct = z.discriminatedUnion('kind', [
  /** Asks what is offered. */
  z.object({ kind: z.literal('check') }),
  /** Stages what is offered; package managers put it in place at once. */
  z.object({ kind: z.literal('download'), only: z.literal('security').optional() }),
  /** Forgets what is staged: the next boot takes what runs now. */
  z.object({ kind: z.literal('reset') }),
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('resume') }),
  /** This release is not taken by the host until the hold is lifted. */
  z.object({ kind: z.literal('hold'), version: releaseName }),
  z.object({ kind: z.literal('lift-hold'), version: releaseName }),
  /** The next boot takes the system before this one; the one that runs is held. */
  z.object({ kind: z.literal('roll-back') }),
  z.object({ kind: z.literal('set-channel'), channel: channelName }),
  z.object({ kind: z.literal('pin'), slot }),
  z.object({ kind: z.literal('unpin'), slot }),
]);
export type UpdateAct = z.infer<typeof updateAct>;
export type UpdateActKind = UpdateAct['kind'];

/** Something that a host's agent may be told now, with the reason where it cannot; a channel in it is a placeholder. */
export const possibleAct = z.object({ act: updateAct, why: z.string().nullable() });
export type PossibleAct = z.infer<typeof possibleAct>;

/** What an act would do on one host. */
export const updateStep = z.object({
  host: hostName,
  agent: z.enum(updateAgents),
  /** The exact commands, in order; what is a script of resources/host is named so. */
  commands: z.array(z.string()).min(1),
  /** What it will mean, in a sentence. */
  means: z.string(),
  /** What the agent says now. */
  before: z.string(),
  elevation: z.enum(['root', 'sudo', 'sudo-password', 'none', 'unknown']),
});

/** What an act would do on hosts: each has its step, is in the draft of a change, or is left out with the reason. */
export const updatePlan = z.object({
  hosts: z.array(hostName).min(1).max(5000),
  act: updateAct,
  steps: z.array(updateStep),
  /** Where it is a change of files: those hosts are changed by the staged change made of this draft. */
  draft: changeDraft.nullable(),
  leftOut: z.array(z.object({ host: hostName, reason: problem })),
  /** Hash of what its steps rest on; `updates.act` refuses another one. */
  fingerprint: z.string(),
});
export type UpdatePlan = z.infer<typeof updatePlan>;
