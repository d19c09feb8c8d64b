import { hasFailed } from '../change/verbs.ts';
import { sourceOf } from './agent-conditions.ts';
import {
  agoWords,
  hasSomethingToDo,
  type NextStep,
  toPolicy,
  type UpdateSubject,
  type Verdict,
  verdict,
} from './condition.ts';

/** Whether somebody means it to be updated now. */
export function policy(subject: UpdateSubject): Verdict {
  const {
    host: { update },
    policy: kept,
    rollOut,
    now,
  } = subject;
  if (update && update.agent !== 'none') {
    const from = { source: update.strategy.source || sourceOf(update), readAt: update.readAt };
    const switchedOff = update.heldBy.find(({ by }) => by === 'policy');
    if (switchedOff) return verdict('stops', switchedOff.text, { ...from, next: toSettings(switchedOff.text) });
  }
  const something = hasSomethingToDo(subject);
  if (kept) {
    const from = { source: `the policy of the group ${kept.group}`, next: toPolicy(kept) };
    if (kept.paused && something)
      return verdict(
        'stops',
        `${kept.paused.by} paused the group ${kept.group} ${agoWords(kept.paused.at, now)}: ${kept.paused.why || 'no reason given'}.`,
        from,
      );
    const pinned = kept.target.kind === 'version' ? kept.target.version : null;
    if (pinned !== null && update?.running === pinned && update.offered !== null && update.offered !== pinned)
      return verdict(
        'stops',
        `The group ${kept.group} is pinned to ${pinned}, which it runs; ${update.offered} is offered.`,
        from,
      );
    if (!kept.automatic && something && !rollOut)
      return verdict('stops', `The group ${kept.group} is updated by hand, and no roll-out of it is under way.`, from);
    return verdict('ok', `The group ${kept.group} lets it be updated${kept.automatic ? ' by itself' : ''}.`, from);
  }
  if (rollOut)
    return verdict('ok', `It is in the roll-out “${rollOut.title}”.`, { source: 'the changes of this cluster' });
  if (!update || update.agent === 'none') return verdict('unknown', 'It is not known who decides on its updates.');
  const from = { source: update.strategy.source || sourceOf(update), readAt: update.readAt };
  const isByHand = update.strategy.name === 'by-hand' || update.strategy.name === 'off';
  if (isByHand && something)
    return verdict('stops', update.strategy.text || 'Only a person updates this host.', {
      ...from,
      next: toSettings(update.strategy.source) ?? { label: 'Look at its updates', leads: 'host', tab: 'updates' },
    });
  return verdict('ok', update.strategy.text || 'Nothing says that it is not to be updated.', from);
}

/** Whether a roll-out that it is in goes on. */
export function gate({ rollOut }: UpdateSubject): Verdict {
  if (!rollOut) return verdict('does-not-apply', 'It is in no roll-out that is under way.');
  const { host, title, wave, state, text } = rollOut;
  const from = {
    source: `the roll-out “${title}”`,
    next: { label: 'Open the roll-out', leads: 'change', id: rollOut.id } as const,
  };
  const why = text === '' ? '' : `: ${text.replace(/\.\s*$/, '')}`;
  if (hasFailed(host))
    return verdict('stops', `It failed in the roll-out: ${host.text || 'no reason was written down'}`, from);
  if (state === 'planned') return verdict('stops', `The roll-out is planned and has not been started${why}.`, from);
  if (state === 'paused') return verdict('stops', `The roll-out is paused${why}.`, from);
  if (host.state === 'skipped') return verdict('stops', 'A person skipped it in this roll-out.', from);
  if (host.endedAt !== null) return verdict('ok', 'It is through with the roll-out.', from);
  if (host.state !== 'waiting') return verdict('ok', `It is under way in wave ${host.wave + 1}.`, from);
  if (host.wave > wave)
    return verdict('stops', `It comes in wave ${host.wave + 1}, and wave ${wave + 1} is not over${why}.`, from);
  return verdict('ok', `Its wave is under way, and its turn comes${why}.`, from);
}

function toSettings(text: string): NextStep | null {
  const path = /\/etc\/[\w./@-]+/.exec(text)?.[0].replace(/\.$/, '');
  return path === undefined ? null : { label: `Compare ${path}`, leads: 'file', path };
}
