import type { HostUpdate, UpdateAgentName } from '#shared/contract/update.ts';

/** What a host's update agent is told on the way of a roll-out. */
export type WorkAct =
  /** Asks what is offered and stages it. */
  | { readonly kind: 'download' }
  /** Forgets what is staged: the next boot takes what runs now. */
  | { readonly kind: 'reset' }
  /** This version is not taken by the host again until the hold is lifted. */
  | { readonly kind: 'hold'; readonly version: string };

/** Update agents as a roll-out uses them. All methods reject with ProblemError carrying `host`. */
export interface WorkActs {
  /** What the host's agent says now, read anew. */
  read(host: string): Promise<HostUpdate>;
  /** Tells the agent; resolves with what the host said. */
  runAct(host: string, agent: UpdateAgentName, act: WorkAct, password: string | null): Promise<string>;
  /**
   * Has the next boot take the system before this one; to ask again changes nothing. Refused by the host when it no longer
   * runs what it runs now.
   */
  prepareRollBack(host: string, agent: UpdateAgentName, password: string | null): Promise<string>;
}
