import type { HostUpdate, UpdateAgentName } from '#shared/contract/update.ts';

/** What a host's update agent is told on the way of a roll-out. */
export type WorkAct =
  /** Looks what is offered. */
  | { readonly kind: 'check' }
  /** Asks what is offered and stages it; of packages, installs those that are known to wait, or of them the security updates. */
  | { readonly kind: 'download'; readonly only?: 'security' }
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
   * Has the next boot take the system before `leaves`, which is to be running (null is any); rejects with `stale` when
   * another one is, and with `refused` when there is no way back.
   */
  prepareRollBack(
    host: string,
    agent: UpdateAgentName,
    leaves: string | null,
    password: string | null,
  ): Promise<string>;
}
