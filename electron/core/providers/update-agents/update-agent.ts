import type { HostFacts } from '#shared/contract/host.ts';
import type { HostUpdate, UpdateAgentName } from '#shared/contract/update.ts';
import type { HostAccess } from '../../hosts/host-access.ts';

/** What an agent that is followed tells by itself. */
export interface UpdateEvents {
  /** Something is otherwise now; made of what was known before. */
  told(change: (before: HostUpdate) => HostUpdate): void;
  /** More may be otherwise than was told: it is to be read again. */
  reread(): void;
  /** Nothing will be told any more. */
  ended(): void;
}

/** One kind of update agent, as far as seeing goes. Every method distrusts the host and leaves nothing on it. */
export interface UpdateAgent {
  readonly name: UpdateAgentName;
  /** How often it is read without a reason; what costs a host much, as asking apt, is read seldom. */
  readonly everyMs: number;
  /** Whether a host of these facts may have it. */
  detects(facts: HostFacts): boolean;
  /** Reads it; null when the host does not have it after all. Rejects with ProblemError only when the connection fails. */
  read(access: HostAccess, facts: HostFacts, now: () => number): Promise<HostUpdate | null>;
  /** Listens to what it pushes; resolves with a function that stops. Left out by agents that push nothing. */
  follow?(access: HostAccess, events: UpdateEvents): Promise<() => void>;
}
