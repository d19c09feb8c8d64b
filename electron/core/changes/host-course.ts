import type { ChangePlan, HostChange } from '#shared/contract/change.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { ChangeScripts } from '../probes/host-scripts.ts';
import type { Ownership } from './change-journal.ts';

/** What the course of a change on one host needs, whatever it is made of. */
export interface HostCourseTools {
  readonly around: ActionSurroundings;
  readonly scripts: ChangeScripts;
  readonly base: string;
  readonly plan: ChangePlan;
  readonly ownership: Ownership;
  readonly password: () => string | null;
  /** Waits; rejects with `cancelled` when the change is left. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Aborted when the change is left. */
  readonly signal: AbortSignal;
  /** Has a host read often, until the function that it answers is called. */
  readonly watch: (host: string) => () => void;
  readonly told: (host: HostChange) => void;
}

/** The course of a change on one host; each resolves with how it ended, and rejects only when this console may not go on. */
export interface HostCourse {
  /** From waiting to its end. */
  apply(): Promise<HostChange>;
  /** Goes on where another console, or this one before it died, left off. */
  settle(): Promise<HostChange>;
  /** Looks at a host that is done once more: one that is worse since is put back. */
  lookAgain(): Promise<HostChange>;
  /** Puts back what was done. */
  undo(): Promise<HostChange>;
  /** A person vouches for a host of which the gates could not tell. */
  accept(by: string): Promise<HostChange>;
  /** Nobody vouched for it: it is put back. */
  giveBack(by: string): Promise<HostChange>;
}
