import type { HostFacts } from '#shared/contract/host.ts';
import type { HostUpdate, UpdateAgentName } from '#shared/contract/update.ts';
import type { UpdateAct } from '#shared/contract/update-act.ts';
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

/** One command as root: the words, and how a person is shown them. */
export interface ActCommand {
  readonly words: readonly string[];
  readonly shown: string;
}

/** What it takes to tell an agent something. */
export interface ActOrder {
  /** One after the other; the first that fails ends it. */
  readonly commands: readonly ActCommand[];
  /** What it will mean, in a sentence. */
  readonly means: string;
  /** Asked in place of the commands while the host's bus can be reached; answers what to say. */
  readonly overBus?: (access: HostAccess) => Promise<string>;
  /** Run as a unit of the host's systemd, so that a lost connection hurts nothing. */
  readonly lasts?: true;
  /** Exit codes that are an answer, with that answer. */
  readonly answers?: Readonly<Record<number, string>>;
}

/** A setting in a file that a person may have written: changed by a staged change, never by a command. */
export interface ActEdit {
  readonly path: string;
  /** The whole new text, from the whole text that is there; null where there is no such file. */
  readonly edit: (text: string | null) => string;
  readonly means: string;
}

/** Why an agent cannot be told so, now or ever. */
export interface ActRefusal {
  readonly why: string;
  readonly hint?: string;
}

/** What is known of a host when its agent is told something. */
export interface ActSight {
  readonly update: HostUpdate;
  readonly facts: HostFacts;
  /** Who tells it, for what is left on the host. */
  readonly actor: string;
}

export type ActAnswer = ActOrder | ActEdit | ActRefusal;

/** One kind of update agent. Reading distrusts the host and leaves nothing on it. */
export interface UpdateAgent {
  readonly name: UpdateAgentName;
  /** How often it is read without a reason; what costs a host much, as asking apt, is read seldom. */
  readonly everyMs: number;
  /** Whether it is about to come a step further without a word, as a slot that is yet to prove itself: read sooner then. */
  settling?(update: HostUpdate): boolean;
  /** Whether a host of these facts may have it. */
  detects(facts: HostFacts): boolean;
  /** Reads it; null when the host does not have it after all. Rejects with ProblemError only when the connection fails. */
  read(access: HostAccess, facts: HostFacts, now: () => number): Promise<HostUpdate | null>;
  /** Listens to what it pushes; resolves with a function that stops. Left out by agents that push nothing. */
  follow?(access: HostAccess, events: UpdateEvents): Promise<() => void>;
  /** What it takes to tell it this, or why it cannot be told. Looks at nothing but what was read. */
  order(act: UpdateAct, sight: ActSight): ActAnswer;
}
