import { agent, channel, held, offered, reachable, server } from './agent-conditions.ts';
import {
  type Condition,
  type ConditionName,
  conditionNames,
  hasSomethingToDo,
  type UpdateSubject,
  type Verdict,
} from './condition.ts';
import { disk } from './disk-condition.ts';
import { gate, policy } from './plan-conditions.ts';
import { kubernetes, lock, person, quorum, window } from './reboot-conditions.ts';

const looks: Record<ConditionName, (subject: UpdateSubject) => Verdict> = {
  reachable,
  agent,
  server,
  channel,
  offered,
  held,
  policy,
  window,
  lock,
  kubernetes,
  quorum,
  person,
  gate,
  disk,
};

/** Why a host is not updated, or that it is. */
export interface WhyNot {
  readonly kind: 'up-to-date' | 'held' | 'under-way' | 'free' | 'unknown';
  /** The answer in a sentence. */
  readonly text: string;
  /** The first condition that stops it; exactly where `kind` is `held`. */
  readonly first: ConditionName | null;
  /** All of them, in their order. */
  readonly conditions: readonly Condition[];
}

/** Looks at all conditions of an update in their order. */
export function whyNot(subject: UpdateSubject): WhyNot {
  const conditions = conditionNames.map((name): Condition => ({ name, ...looks[name](subject) }));
  const first = conditions.find(({ state }) => state === 'stops');
  const answer = first ? { kind: 'held' as const, text: first.text } : unheld(subject, conditions);
  return { ...answer, first: first?.name ?? null, conditions };
}

/** The first condition that stops a host, by what the host itself tells; null when none does. Of many hosts, for lists and filters. */
export function heldBy(subject: UpdateSubject): Condition | null {
  for (const name of conditionNames) {
    const seen = looks[name](subject);
    if (seen.state === 'stops') return { name, ...seen };
  }
  return null;
}

function unheld(subject: UpdateSubject, conditions: readonly Condition[]): Pick<WhyNot, 'kind' | 'text'> {
  const { update } = subject.host;
  const running = update?.running || 'an unknown version';
  const dark = conditions.filter(({ state }) => state === 'unknown');
  const decides = dark.find(({ name }) => name === 'reachable' || name === 'agent' || name === 'offered');
  if (!update || decides)
    return { kind: 'unknown', text: decides?.text ?? 'The update agent of the host is not known.' };
  if (update.phase === 'checking' || update.phase === 'downloading' || update.phase === 'finalizing')
    return { kind: 'under-way', text: update.phaseText || `It is ${update.phase}.` };
  if (!hasSomethingToDo(subject))
    return {
      kind: 'up-to-date',
      text: update.pending
        ? `It is up to date: no package waits; it runs ${running}.`
        : `It is up to date: it runs ${running}, and nothing newer is offered.`,
    };
  const unsure = dark.length === 0 ? '' : ` Not known: ${dark.map(({ name }) => name).join(', ')}.`;
  return { kind: 'free', text: `Nothing that is known stops it.${unsure}` };
}
