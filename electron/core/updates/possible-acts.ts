import type { HostUpdate } from '#shared/contract/update.ts';
import type { PossibleAct, UpdateAct } from '#shared/contract/update-act.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { installsPackages } from '#shared/lib/update/agent-names.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { sightOf } from './plan-update-act.ts';
import { orderOf } from './run-act.ts';

/** Some other channel, to learn whether the agent can be told one at all; it is never told this one. */
const anyChannel = 'another';
/** The same of bootc, which takes a tag only where it knows the image. */
const anyImage = 'example.org/another:image';

/** What a host's agent can be told as it is now, each with the reason where it cannot be told. Throws where nothing can be said. */
export function possibleActs(around: ActionSurroundings, host: string): PossibleAct[] {
  const { agent, ...sight } = sightOf(around, host);
  if (agent === 'none') return [];
  return offered(sight.update).map((act) => {
    try {
      const order = orderOf(host, agent, act, sight);
      return { act, why: 'why' in order ? `${order.why}${order.hint === undefined ? '' : `. ${order.hint}`}` : null };
    } catch (error) {
      return { act, why: toProblem(error).message };
    }
  });
}

/** In the order of their buttons; only acts about something there. */
function offered(update: HostUpdate): UpdateAct[] {
  const { agent, slots, holds, pending } = update;
  const held = new Set(holds?.map(({ version }) => version));
  const isPackages = agent !== 'none' && installsPackages(agent);
  const release = isPackages ? pending?.names[0] : (update.offered ?? undefined);
  // update_engine downloads what a check finds: two buttons would do the same.
  const acts: UpdateAct[] = agent === 'update-engine' ? [{ kind: 'check' }] : [{ kind: 'check' }, { kind: 'download' }];
  if (isPackages) acts.push({ kind: 'download', only: 'security' });
  acts.push({ kind: 'reset' }, { kind: 'roll-back' });
  if (release !== undefined && !held.has(release)) acts.push({ kind: 'hold', version: release });
  acts.push(...[...held].map((version): UpdateAct => ({ kind: 'lift-hold', version })));
  const channel = agent === 'bootc' ? anyImage : anyChannel;
  acts.push({ kind: 'stop' }, { kind: 'resume' }, { kind: 'set-channel', channel });
  if (agent === 'rpm-ostree') {
    const kept = slots.filter(({ staged }) => !staged);
    acts.push(...kept.map(({ name, pinned }): UpdateAct => ({ kind: pinned ? 'unpin' : 'pin', slot: name })));
  }
  return acts;
}
