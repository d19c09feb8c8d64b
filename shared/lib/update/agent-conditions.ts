import type { LinkState } from '../../contract/host.ts';
import type { HostUpdate } from '../../contract/update.ts';
import { byServer } from './server-condition.ts';
import {
  agoWords,
  hasSomethingToDo,
  type NextStep,
  toPolicy,
  unread,
  type UpdateSubject,
  type Verdict,
  verdict,
} from './condition.ts';
import { isConnected } from '../is-connected.ts';

const hourMs = 3_600_000;
/** An agent that runs asks far more often than that; packages are looked for once a day. */
const checksWithinMs = 48 * hourMs;
const packagesWithinMs = 7 * 24 * hourMs;

const isComing: ReadonlySet<LinkState> = new Set<LinkState>(['idle', 'connecting']);
const agentUnits: Record<Exclude<HostUpdate['agent'], 'none'>, string> = {
  'update-engine': 'update-engine.service',
  'rpm-ostree': 'zincati.service',
  bootc: 'bootc-fetch-apply-updates.timer',
  apt: 'apt-daily-upgrade.timer',
  dnf: 'dnf-automatic.timer',
};
const fileOfSettings: Partial<Record<HostUpdate['agent'], string>> = {
  'update-engine': '/etc/flatcar/update.conf',
};

/** Whether the console reaches the host: all that follows is of the last time it did. */
export function reachable({ host: { link, maintenance } }: UpdateSubject): Verdict {
  const next: NextStep = { label: 'Look at the connection', leads: 'host', tab: 'connection' };
  const from = { source: 'the SSH connection', readAt: link?.heardAt ?? null };
  if (!link || isComing.has(link.state))
    return verdict('unknown', 'The connection to the host is not up yet.', { ...from, next });
  if (isConnected(link)) return verdict('ok', 'The host is connected.', from);
  const purpose = maintenance ? ` It is down on purpose: ${maintenance.reason}` : '';
  const why = link.reason === '' ? `its connection is ${link.state}` : sentence(link.reason);
  return verdict('stops', `The host is not reached: ${why}.${purpose}`, { ...from, next });
}

/** Whether there is somebody on the host who updates it. */
export function agent({ host: { update } }: UpdateSubject): Verdict {
  if (!update) return unread;
  const from = { source: sourceOf(update), readAt: update.readAt };
  if (update.problem)
    return verdict('unknown', `The agent could not be read: ${sentence(update.problem.message)}.`, from);
  if (update.agent === 'none')
    return verdict('stops', 'No update agent that is understood is on this host: nobody updates it.', from);
  const unit = agentUnits[update.agent];
  const next: NextStep = { label: `Look at ${unit}`, leads: 'host', tab: 'units', unit };
  if (update.agentState === 'running') return verdict('ok', `${unit} is there and running.`, from);
  if (update.agentState === 'unreadable')
    return verdict('unknown', 'The login user may not ask the agent how it stands.', { ...from, next });
  if (update.strategy.name === 'by-hand')
    return verdict('does-not-apply', 'Nothing runs by itself here: a person updates this host.', from);
  return verdict('stops', `${unit} is ${update.agentState}: nothing is looked for or installed.`, { ...from, next });
}

/** Whether the agent hears from where updates come. */
export function server({ host: { update }, now, atServer }: UpdateSubject): Verdict {
  if (!update) return unread;
  if (update.agent === 'none') return verdict('does-not-apply', 'There is no agent that would ask a server.');
  const from = { source: sourceOf(update), readAt: update.readAt };
  const next: NextStep = { label: 'Look at what the agent says', leads: 'host', tab: 'updates' };
  const held = update.heldBy.find(({ by }) => by === 'server');
  if (held) return verdict('stops', held.text, { ...from, next });
  if (update.phase === 'failed')
    return verdict('stops', `The last attempt failed: ${sentence(update.phaseText) || 'the agent does not say why'}.`, {
      ...from,
      next,
    });
  const name = update.server ?? (update.pending ? 'its package sources' : 'its usual server');
  if (update.rebootNeeded || update.phase === 'staged')
    return verdict('ok', `What ${name} offered is there already.`, from);
  const theirs = atServer ? byServer(atServer, update, now) : null;
  if (theirs?.state === 'stops') return theirs;
  if (update.lastCheckAt === null)
    return theirs ?? verdict('unknown', `The agent does not tell when it last asked ${name}.`, { ...from, next });
  const isLate = now - update.lastCheckAt > (update.pending ? packagesWithinMs : checksWithinMs);
  const asked = `It last asked ${name} ${agoWords(update.lastCheckAt, now)}`;
  return isLate
    ? verdict('stops', `${asked}: it should ask far more often.`, { ...from, next })
    : (theirs ?? verdict('ok', `${asked}.`, from));
}

/** Whether it follows the channel that it should. */
export function channel({ host: { update }, policy }: UpdateSubject): Verdict {
  if (!update) return unread;
  if (update.agent === 'none') return verdict('does-not-apply', 'There is no agent that would follow a channel.');
  const source = update.channelSource || 'the default of its agent';
  const from = { source, readAt: update.readAt };
  const wanted = policy?.target.kind === 'channel' ? policy.target.channel : null;
  if (update.channel === null)
    return update.pending === null && wanted !== null
      ? verdict('unknown', `Its policy wants ${wanted}; the agent tells no channel.`, from)
      : verdict('does-not-apply', 'This agent follows no channel.', from);
  const path = update.channelSource.startsWith('/etc/') ? update.channelSource : fileOfSettings[update.agent];
  if (policy && wanted !== null && wanted !== update.channel)
    return verdict('stops', `It follows ${update.channel}, and its policy wants ${wanted}.`, {
      ...from,
      next: path === undefined ? toPolicy(policy) : { label: `Compare ${path}`, leads: 'file', path },
    });
  return verdict('ok', `It follows ${update.channel}${wanted === null ? '' : ', as its policy wants'}.`, from);
}

/** Whether there is anything to update to. */
export function offered(subject: UpdateSubject): Verdict {
  const { update } = subject.host;
  if (!update) return unread;
  if (update.agent === 'none') return verdict('does-not-apply', 'There is no agent that would be offered anything.');
  const from = { source: sourceOf(update), readAt: update.readAt };
  const running = update.running || 'an unknown version';
  const waits = update.pending?.total ?? 0;
  if (update.offered !== null) return verdict('ok', `${update.offered} is offered; it runs ${running}.`, from);
  if (update.rebootNeeded) return verdict('ok', `An update is in place beside ${running}.`, from);
  if (waits > 0) return verdict('ok', `${waits === 1 ? 'One package waits' : `${waits} packages wait`}.`, from);
  if (hasSomethingToDo(subject) && subject.policy?.target.kind === 'version')
    return verdict(
      'stops',
      `Its policy wants ${subject.policy.target.version}, and nothing is offered; it runs ${running}.`,
      {
        ...from,
        next: toPolicy(subject.policy),
      },
    );
  if (subject.elsewhere && hasSomethingToDo(subject))
    return verdict(
      'ok',
      `${subject.elsewhere} is offered to others of ${update.channel ?? 'its channel'}; its own agent has not heard of it yet. It runs ${running}.`,
      from,
    );
  if (update.phase === 'idle' && update.pending) return verdict('ok', 'No package waits.', from);
  if (update.phase === 'idle') return verdict('ok', `Nothing newer than ${running} is offered.`, from);
  return verdict('unknown', `It is not known whether anything newer than ${running} is offered.`, from);
}

/** Whether a person or a pin keeps it where it is. */
export function held({ host: { update } }: UpdateSubject): Verdict {
  if (!update) return unread;
  if (update.agent === 'none') return verdict('does-not-apply', 'There is nothing that could be held.');
  const from = { source: sourceOf(update), readAt: update.readAt };
  const next: NextStep = { label: 'Look at what is held', leads: 'host', tab: 'updates' };
  const { pending } = update;
  if (pending && pending.held > 0 && pending.held >= pending.total)
    return verdict('stops', `All packages that wait are held back: ${pending.held}.`, { ...from, next });
  // Until a reboot is at hand, what a person holds is the version; after that, it is the reboot.
  const byPerson = update.rebootNeeded || pending ? undefined : update.heldBy.find(({ by }) => by === 'person');
  if (byPerson && update.strategy.name !== 'by-hand' && update.strategy.name !== 'off')
    return verdict('stops', byPerson.text, { ...from, next });
  if (pending && pending.held > 0)
    return verdict('ok', `${pending.held} of ${pending.total} packages are held back, the others are not.`, from);
  return verdict('ok', pending ? 'No package is held back.' : 'No version is held.', from);
}

/** Where an agent's words were read. */
export function sourceOf({ agent, how }: HostUpdate): string {
  const name = agent === 'none' ? 'the host' : agent;
  return how === 'bus' ? `${name} over D-Bus` : how === 'client' ? `the command of ${name}` : `files of ${name}`;
}

function sentence(text: string): string {
  return text.replace(/\.\s*$/, '');
}
