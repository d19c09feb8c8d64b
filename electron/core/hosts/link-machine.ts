import type { LinkState } from '#shared/contract/host.ts';
import type { Problem } from '#shared/contract/problem.ts';

/** The part of a link that the state machine owns. */
export interface LinkCore {
  readonly state: LinkState;
  readonly reason: string;
  readonly problem: Problem | null;
  readonly since: number;
  /** Failed attempts since the link was last up for a while. */
  readonly attempts: number;
  readonly retryAt: number | null;
  /** When the present connection came up; null without one. */
  readonly upAt: number | null;
}

export type LinkEvent =
  | { readonly type: 'start' }
  | { readonly type: 'disable' }
  | { readonly type: 'dialing' }
  | { readonly type: 'up' }
  | {
      readonly type: 'failed';
      readonly failure: 'transient' | 'refused' | 'secret' | 'key-unknown' | 'key-changed';
      readonly problem: Problem;
    }
  /** The sampler has not answered for so long; `sshd` when the host's sshd does. */
  | { readonly type: 'silent'; readonly ms: number; readonly sshd: boolean }
  | { readonly type: 'heard' }
  | { readonly type: 'closed'; readonly problem: Problem }
  | { readonly type: 'retry' }
  | { readonly type: 'resolved' }
  | { readonly type: 'declined'; readonly reason: string }
  | { readonly type: 'network' };

/** What the runner must do after a step: ask for a turn to connect, give up its turn or attempt, close the connection, or wait until retryAt. */
export type LinkEffect = 'queue' | 'cancel' | 'hang-up' | 'wait';

export interface LinkStep {
  readonly link: LinkCore;
  readonly effects: readonly LinkEffect[];
}

export interface LinkSurroundings {
  readonly now: number;
  /** 0..1, for the jitter. */
  readonly random: number;
  /** Someone looks at this host: it is retried sooner. */
  readonly inView: boolean;
}

/** A connection this young that breaks counts as a failed attempt, so that a flapping host is not dialled without pause. */
export const settledMs = 10_000;

/** Jittered exponential: 1, 2, 4 … s up to 60 s (8 s in view), each cut to between half and all of it. */
export function backOffMs(attempts: number, surroundings: Pick<LinkSurroundings, 'random' | 'inView'>): number {
  const longest = surroundings.inView ? 8000 : 60_000;
  const full = Math.min(longest, 1000 * 2 ** Math.min(10, Math.max(0, attempts - 1)));
  return Math.round(full / 2 + (full / 2) * surroundings.random);
}

/** A link nobody has tried yet. */
export function newLink(now: number): LinkCore {
  return {
    state: 'idle',
    reason: 'Not connected yet',
    problem: null,
    since: now,
    attempts: 0,
    retryAt: null,
    upAt: null,
  };
}

type EventOf<T extends LinkEvent['type']> = Extract<LinkEvent, { type: T }>;
type Rule<T extends LinkEvent['type']> = (link: LinkCore, event: EventOf<T>, around: LinkSurroundings) => LinkStep;
type Rules = { readonly [T in LinkEvent['type']]?: Rule<T> };

const waiting = 'Waiting for its turn to connect';

/** A step to another state; what is not carried over in `more` starts afresh. */
function to(
  link: LinkCore,
  { now }: LinkSurroundings,
  state: LinkState,
  more: Partial<LinkCore> & { reason: string },
  ...effects: LinkEffect[]
): LinkStep {
  const since = state === link.state ? link.since : now;
  return {
    link: { problem: null, attempts: link.attempts, retryAt: null, upAt: null, ...more, state, since },
    effects,
  };
}

const queue = (link: LinkCore): LinkStep => ({
  link: { ...link, reason: link.state === 'idle' ? waiting : link.reason, retryAt: null },
  effects: ['queue'],
});
const queueAfresh: Rule<'network'> = (link) => ({ link: { ...link, attempts: 0, retryAt: null }, effects: ['queue'] });
const connecting: Rule<'dialing'> = (link, _, around) => to(link, around, 'connecting', { reason: 'Connecting' });

function backOff(link: LinkCore, problem: Problem, around: LinkSurroundings): LinkStep {
  const attempts = link.attempts + 1;
  const retryAt = around.now + backOffMs(attempts, around);
  return to(link, around, 'backing-off', { reason: problem.message, problem, attempts, retryAt }, 'wait');
}

/** Also before a host's own turn to connect: its jump host may fail. */
const failed: Rule<'failed'> = (link, { failure, problem }, around) => {
  if (failure === 'transient') return backOff(link, problem, around);
  const state = failure === 'key-changed' ? 'blocked' : 'needs-authentication';
  return to(link, around, state, { reason: problem.message, problem, attempts: 0 });
};

const closed: Rule<'closed'> = (link, { problem }, around) => {
  const settled = link.upAt !== null && around.now - link.upAt >= settledMs;
  if (!settled) return backOff(link, problem, around);
  return to(link, around, 'lost', { reason: problem.message, problem, attempts: 0 }, 'queue');
};
const silent: Rule<'silent'> = (link, { ms, sshd }, around) => {
  const time = `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const reason = sshd ? `sshd answers, but the reader of its figures has not for ${time}` : `No answer for ${time}`;
  return to(link, around, 'degraded', { reason, upAt: link.upAt });
};
const declined: Rule<'declined'> = (link, { reason }, around) =>
  to(link, around, link.state, { reason, problem: link.problem });
const disable: Rule<'disable'> = (link, _, around) => {
  const reason = 'Switched off by hand; connect to bring it back';
  return to(link, around, 'disabled', { reason, attempts: 0 }, 'cancel', 'hang-up');
};

const untried: Rules = { start: queue, network: queueAfresh, dialing: connecting, failed, disable };
const waitingForPerson: Rules = { start: queue, resolved: queue, declined, dialing: connecting, failed, disable };

const rules: { readonly [S in LinkState]: Rules } = {
  idle: untried,
  lost: untried,
  connecting: { up: (link, _, around) => to(link, around, 'up', { reason: '', upAt: around.now }), failed, disable },
  'needs-authentication': waitingForPerson,
  blocked: waitingForPerson,
  up: { silent, closed, disable },
  degraded: {
    silent,
    heard: (link, _, around) => to(link, around, 'up', { reason: '', upAt: link.upAt }),
    closed,
    disable,
  },
  'backing-off': { start: queue, retry: queue, network: queueAfresh, dialing: connecting, failed, disable },
  disabled: {
    start: (link, _, around) => to(link, around, 'idle', { reason: waiting, attempts: 0 }, 'queue'),
  },
};

/** The whole behaviour of a link: pure; an event that a state has no rule for changes nothing. */
export function stepLink(link: LinkCore, event: LinkEvent, around: LinkSurroundings): LinkStep {
  const rule = rules[link.state][event.type] as Rule<LinkEvent['type']> | undefined;
  return rule ? rule(link, event, around) : { link, effects: [] };
}
