import type { RebootLock } from '../../contract/reboot-lock.ts';
import { quorumRefusal, quorumSum } from '../reboot/quorum.ts';
import { stateInWords } from '../reboot/window.ts';
import { sourceOf } from './agent-conditions.ts';
import { agoWords, listed, rebootIsAtHand, toPolicy, type UpdateSubject, type Verdict, verdict } from './condition.ts';
import { knownWindowState } from './known-window.ts';
import { lockOf } from './wanted-lock.ts';

const notYet = 'No reboot is at hand';

/** Whether it may reboot at this time: by its own windows and by those of its policy. */
export function window(subject: UpdateSubject): Verdict {
  const {
    host: { update },
    policy,
    now,
  } = subject;
  const own = update?.weekly ?? null;
  const ofPolicy = policy?.reboot.windows ?? null;
  const told = update?.windows ?? [];
  const from = own
    ? { source: update ? update.strategy.source || sourceOf(update) : '', readAt: update?.readAt ?? null }
    : { source: ofPolicy ? `the policy of the group ${policy?.group}` : '' };
  if (!own && !ofPolicy && (told.length === 0 || update?.strategy.name === 'off'))
    return verdict('does-not-apply', 'It has no reboot window: any time will do.');
  if (!own && !ofPolicy) {
    const words = `Reboots only ${told.map(({ text, timeZone }) => `${text} (${timeZone})`).join('; ')}`;
    return rebootIsAtHand(subject)
      ? verdict('unknown', `${words}, which cannot be reckoned with here.`, from)
      : verdict('does-not-apply', `${notYet}. ${words}.`, from);
  }
  const states = [own, ofPolicy]
    .filter((windows) => windows !== null)
    .map((windows) => [windows, knownWindowState(windows, now)] as const);
  const closed = states.find(([, { open }]) => !open);
  const [shown] = closed ?? states[0] ?? [];
  const words = shown ? stateInWords(shown, now) : '';
  if (!rebootIsAtHand(subject))
    return verdict('does-not-apply', `${notYet}; its window ${isOpen(closed)} ${words}.`, from);
  if (!closed) return verdict('ok', `Its reboot window is ${words}.`, from);
  const byPolicy = closed[0] === ofPolicy;
  return verdict('stops', `Its reboot window ${words}.`, {
    ...from,
    source: byPolicy ? `the policy of the group ${policy?.group}` : from.source,
    next: byPolicy && policy ? toPolicy(policy) : { label: 'Look at its window', leads: 'host', tab: 'updates' },
  });
}

/** Whether it holds, or could take, the lock under which hosts reboot. */
export function lock(subject: UpdateSubject): Verdict {
  const {
    name,
    host: { update },
    policy,
    rebootLocks,
    now,
  } = subject;
  const own = update ? lockOf(update) : null;
  const kind = own?.kind ?? null;
  const ofPolicy = policy?.reboot.lock === 'cluster' ? policy : null;
  if (kind === null && !ofPolicy) return verdict('does-not-apply', withoutLock(policy));
  if (kind === null && ofPolicy && !subject.rollOut)
    return verdict(
      'does-not-apply',
      `A roll-out of the group ${ofPolicy.group} takes the cluster’s reboot lock for it, and none is under way. Its own agent takes none.`,
      { source: `the policy of the group ${ofPolicy.group}`, next: toPolicy(ofPolicy) },
    );
  if (!rebootIsAtHand(subject)) return verdict('does-not-apply', `${notYet}: it wants no lock.`);
  const next = { label: 'See who holds it', leads: 'locks' } as const;
  const here = rebootLocks?.locks.filter((each) => kind === null || each.kind === kind) ?? [];
  const place = rebootLocks?.places.find((each) => kind === null || each.kind === kind);
  const from = { source: 'the reboot locks in etcd', readAt: place?.readAt ?? null, next };
  const mine = here.find(({ holders }) => holders.some(({ host }) => host === name));
  if (mine) return verdict('ok', `It holds a slot of ${lockName(mine)}.`, from);
  if (rebootLocks === undefined) {
    const asks = update?.heldBy.find(({ by }) => by === 'lock');
    return asks
      ? verdict('stops', asks.text, { source: sourceOf(update ?? emptySource), readAt: update?.readAt ?? null, next })
      : verdict('unknown', 'It is not known who holds the reboot lock.', from);
  }
  const group = own?.group ?? ofPolicy?.reboot.lockGroup ?? '';
  const wanted = here.find((each) => each.group === group) ?? (here.length === 1 ? here[0] : undefined);
  if (!wanted)
    return verdict(
      'unknown',
      place?.problem
        ? `The reboot locks cannot be read: ${place.problem.message}`
        : 'No lock that it would take is kept in this etcd.',
      from,
    );
  if (wanted.problem || wanted.max === null)
    return verdict(
      'unknown',
      `${lockName(wanted)} cannot be read${wanted.problem ? `: ${wanted.problem.message}` : ''}`,
      from,
    );
  if (wanted.holders.length < wanted.max)
    return verdict(
      'ok',
      `${wanted.max - wanted.holders.length} of ${wanted.max} ${wanted.max === 1 ? 'slot' : 'slots'} of ${lockName(wanted)} ${wanted.max - wanted.holders.length === 1 ? 'is' : 'are'} free: it takes one when it asks.`,
      from,
    );
  return verdict('stops', `It waits for ${lockName(wanted)}: ${heldWords(wanted, now)}.`, from);
}

/** Whether the coordinators of Kubernetes let it go. */
export function kubernetes(subject: UpdateSubject): Verdict {
  const { kubernetes: marks } = subject.host;
  if (!marks) return verdict('does-not-apply', 'Nothing shows that it is a node of Kubernetes.');
  const from = {
    source: `the marks of node ${marks.node || 'of this host'} in Kubernetes`,
    readAt: marks.readAt,
    next: { label: 'Look at the marks', leads: 'host', tab: 'updates' } as const,
  };
  const { kured, fluo } = marks;
  if (!kured && !fluo)
    return marks.problem
      ? verdict('unknown', `What Kubernetes says of it could not be read: ${marks.problem.message}`, from)
      : verdict('does-not-apply', `Neither kured nor the Flatcar operator marked node ${marks.node}.`, from);
  if (!rebootIsAtHand(subject) && !fluo?.rebootNeeded)
    return verdict('does-not-apply', `${notYet}: Kubernetes is not asked.`, from);
  if (fluo?.paused)
    return verdict('stops', `A person keeps the Flatcar operator away from node ${marks.node} (reboot-paused).`, from);
  if (fluo && !fluo.inProgress && fluo.rebootNeeded && !fluo.rebootOk)
    return verdict(
      'stops',
      `Node ${marks.node} wants its reboot, and the Flatcar operator has not said yes (reboot-ok).`,
      from,
    );
  const owners = kured?.lock?.owners ?? [];
  const mine = owners.find(({ node }) => node === marks.node);
  const live = owners.filter(({ expiresAt }) => expiresAt === null || expiresAt > subject.now);
  if (kured && !mine && kured.lock && live.length >= kured.lock.max)
    return verdict(
      'stops',
      `kured's lock is held by ${listed(live.map(({ node, since }) => (since === null ? node : `${node} (since ${agoWords(since, subject.now)})`)))}.`,
      from,
    );
  if (kured && !kured.lock)
    return verdict(
      'unknown',
      `kured's lock could not be read${marks.problem ? `: ${marks.problem.message}` : ''}`,
      from,
    );
  return verdict(
    'ok',
    mine ? `Node ${marks.node} holds kured's lock.` : 'Nothing in Kubernetes keeps it from its reboot.',
    from,
  );
}

/** Whether etcd can spare it. */
export function quorum(subject: UpdateSubject): Verdict {
  const { name, etcd } = subject;
  if (!etcd || etcd.state === 'none')
    return verdict('does-not-apply', 'This cluster has no etcd that it could take down.');
  const from = {
    source: 'the members of etcd',
    readAt: etcd.readAt,
    next: { label: 'Look at etcd', leads: 'locks' } as const,
  };
  const voters = etcd.members.map((member) => ({
    name: member.host ?? (member.name || member.id),
    votes: !member.learner,
    healthy: member.state === 'up',
  }));
  const sum = quorumSum(voters).text;
  if (!etcd.members.some(({ host }) => host === name))
    return verdict('does-not-apply', 'No member of etcd runs on it.', from);
  if (!rebootIsAtHand(subject)) return verdict('does-not-apply', `${notYet}. etcd: ${sum}.`, from);
  const refusal = quorumRefusal(voters, name);
  return refusal === null ? verdict('ok', `etcd can spare it: ${sum}.`, from) : verdict('stops', refusal, from);
}

/** Whether somebody works on it, or it waits for a person to reboot it. */
export function person(subject: UpdateSubject): Verdict {
  const {
    host: { update },
    policy,
    rollOut,
  } = subject;
  if (!rebootIsAtHand(subject)) return verdict('does-not-apply', `${notYet}: nobody is in its way.`);
  const byPerson =
    rollOut || policy?.automatic
      ? undefined
      : update?.heldBy.find(({ by, reboot }) => by === 'person' && reboot === true);
  if (update && byPerson)
    return verdict('stops', byPerson.text, {
      source: update.strategy.source || sourceOf(update),
      readAt: update.readAt,
      next: { label: 'Look at its updates', leads: 'host', tab: 'updates' },
    });
  if (!rollOut) return verdict('does-not-apply', 'Who is logged in is asked by this console’s own roll-outs alone.');
  const from = {
    source: `the roll-out “${rollOut.title}”`,
    next: { label: 'Open the roll-out', leads: 'change', id: rollOut.id } as const,
  };
  if (rollOut.host.work?.waitsFor === 'person')
    return verdict('stops', rollOut.host.text || 'Somebody is logged in.', from);
  if (rollOut.host.work) return verdict('ok', 'The roll-out waits for nobody who is logged in.', from);
  return verdict('unknown', 'Who is logged in is asked when its turn comes.', from);
}

function isOpen(closed: unknown): string {
  return closed === undefined ? 'is' : 'is closed and';
}

function withoutLock(policy: UpdateSubject['policy']): string {
  return policy
    ? `It reboots without a lock: its agent takes none, and neither does the policy of the group ${policy.group}.`
    : 'It reboots without a lock: its agent takes none, and it is in no group with a policy that would.';
}

function heldWords({ holders, max }: RebootLock, now: number): string {
  const names = holders.map(
    ({ host, id, since }) => `${host ?? id}${since === null ? '' : ` (since ${agoWords(since, now)})`}`,
  );
  return max === 1 || holders.length === 1 ? `${listed(names)} holds it` : `${listed(names)} hold its ${max} slots`;
}

function lockName({ kind, group }: RebootLock): string {
  return group === '' ? `${kind}’s lock` : `${kind}’s lock of ${group}`;
}

const emptySource = { agent: 'none', how: 'files' } as Parameters<typeof sourceOf>[0];
