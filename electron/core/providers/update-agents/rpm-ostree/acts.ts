import type { UpdateAct } from '#shared/contract/update-act.ts';
import type { UpdateSlot } from '#shared/contract/update.ts';
import { program } from '../act-command.ts';
import { holdCommand, liftCommand } from '../holds.ts';
import type { ActAnswer, ActCommand, ActSight } from '../update-agent.ts';

const zincati = 'zincati.service';
const cleanUp = program('rpm-ostree', 'cleanup', '-p');

/** What rpm-ostree and Zincati can be told. Where Zincati brings updates it is not gone round. */
export function orderOstree(act: UpdateAct, sight: ActSight): ActAnswer {
  const { update } = sight;
  switch (act.kind) {
    case 'check':
      return {
        commands: [program('rpm-ostree', 'upgrade', '--check', ...(isDriven(sight) ? ['--bypass-driver'] : []))],
        answers: { 77: 'nothing newer is offered' },
        means: 'rpm-ostree looks whether its stream has something newer; nothing is downloaded.',
      };
    case 'download':
      return download(sight);
    case 'reset':
      if (!update.slots.some(({ staged }) => staged)) return { why: 'nothing is staged' };
      return { commands: [cleanUp], means: `What is staged is dropped; the next boot takes ${update.running} again.` };
    case 'stop':
      if (!hasZincati(sight)) return { why: 'Zincati is not there: nothing updates this host by itself' };
      if (update.agentState === 'masked') return { why: `${zincati} is masked already` };
      return {
        commands: [program('systemctl', 'mask', '--runtime', '--now', zincati), program('rpm-ostree', 'cancel')],
        answers: { 1: `${zincati} is stopped; no transaction was under way` },
        means: `${zincati} is stopped until it is resumed or the host boots, and a transaction under way is cancelled.`,
      };
    case 'resume':
      if (update.agentState === 'missing') return { why: 'Zincati is not there' };
      if (update.agentState === 'running') return { why: `${zincati} runs already` };
      return {
        commands: [
          program('systemctl', 'unmask', '--runtime', zincati),
          program('systemctl', 'unmask', zincati),
          program('systemctl', 'start', zincati),
        ],
        means: 'Zincati runs again, checks, stages and reboots as its strategy says.',
      };
    case 'hold':
      return hold(act.version, sight);
    case 'lift-hold': {
      const lift = liftCommand('rpm-ostree', act, sight);
      if ('why' in lift) return lift;
      return {
        commands: [lift],
        means: `With the last hold Zincati is let go on, and ${act.version} may be taken again. What was pinned stays pinned.`,
      };
    }
    case 'roll-back':
      return rollBack(sight);
    case 'set-channel':
      return rebase(act.channel, sight);
    case 'pin':
    case 'unpin':
      return pin(act, sight);
    default:
      return act satisfies never;
  }
}

function hasZincati({ update }: ActSight): boolean {
  return update.strategy.name !== 'by-hand' && update.agentState !== 'missing';
}

/** Whether Zincati has told rpm-ostree that updates are its own. */
function isDriven(sight: ActSight): boolean {
  return hasZincati(sight) && sight.update.agentState === 'running';
}

function download(sight: ActSight): ActAnswer {
  const { update } = sight;
  if (update.phase === 'downloading') return { why: 'a transaction is under way already' };
  if (update.rebootNeeded) return { why: `${update.offered ?? 'an update'} is staged already` };
  if (update.holds?.length)
    return { why: `${update.holds[0]?.version} is held back on this host`, hint: 'Lift the hold first.' };
  if (!isDriven(sight))
    return {
      commands: [program('rpm-ostree', 'upgrade')],
      lasts: true,
      means: 'The newest of its stream is downloaded and staged; the next boot takes it.',
    };
  return {
    commands: [program('systemctl', 'restart', zincati)],
    means: `Zincati brings updates here and is not gone round: started anew, it checks at once, stages what it is offered, and reboots as it is set up. ${update.strategy.text}`,
  };
}

/** Where a deployment stands once what is staged was dropped. */
function remaining({ update }: ActSight): UpdateSlot[] {
  return update.slots.filter(({ staged }) => !staged);
}

function rollBack(sight: ActSight): ActAnswer {
  const { update } = sight;
  const left = remaining(sight);
  const [first, second] = left;
  if (update.phase === 'downloading') return { why: 'a transaction is under way' };
  if (!first || !second) return { why: 'there is no other deployment to go back to' };
  if (!first.booted) return { why: `the next boot takes ${first.version ?? 'another deployment'} already` };
  const isStaged = update.slots.length > left.length;
  const commands: ActCommand[] = [
    holdCommand('rpm-ostree', update.running, sight),
    ...(isStaged ? [cleanUp] : []),
    program('rpm-ostree', 'rollback'),
    ...(second.pinned ? [] : [program('ostree', 'admin', 'pin', '0')]),
  ];
  return {
    commands,
    means:
      `The next boot takes ${second.version ?? 'the deployment before'}, which is pinned; ${update.running} is held back: ` +
      `Zincati is switched off by a file in /etc/zincati/config.d.${isStaged ? ' What is staged is dropped.' : ''}`,
  };
}

function hold(version: string, sight: ActSight): ActAnswer {
  const { update } = sight;
  if (update.holds?.some((held) => held.version === version)) return { why: `${version} is held back already` };
  const isStaged = update.slots.some((slot) => slot.staged && slot.version === version);
  const at = (isStaged ? remaining(sight) : update.slots).findIndex(({ booted }) => booted);
  const booted = update.slots.find((slot) => slot.booted);
  const pins = booted && !booted.pinned && booted.version !== version && at >= 0;
  return {
    commands: [
      holdCommand('rpm-ostree', version, sight),
      ...(isStaged ? [cleanUp] : []),
      ...(pins ? [program('ostree', 'admin', 'pin', String(at))] : []),
    ],
    means:
      'Zincati cannot refuse one release, so it is switched off by a file in /etc/zincati/config.d while one is held' +
      `${pins ? `; ${update.running} is pinned` : ''}.${isStaged ? ' What is staged is dropped.' : ''}`,
  };
}

/** The same reference but for its last part: what an administrator chose in it stays as it is. */
function rebase(stream: string, sight: ActSight): ActAnswer {
  const { update } = sight;
  if (stream === update.channel) return { why: `its stream is ${stream} already` };
  if (!/^[a-z][a-z0-9-]{1,60}$/.test(stream)) return { why: `${stream} is not the name of a stream` };
  const origin = update.facts.find(({ name }) => name === 'Origin')?.value ?? '';
  const [, head] = /^(\S{1,280}[:/])[a-z][a-z0-9-]{1,60}$/.exec(origin) ?? [];
  if (head === undefined || update.channel === null || !origin.endsWith(update.channel))
    return {
      why: 'what it follows does not end in the name of a stream',
      hint: `Its origin is ${origin || 'not known'}: rebase it by hand.`,
    };
  const isRunning = isDriven(sight);
  return {
    commands: [
      ...(isRunning ? [program('systemctl', 'stop', zincati)] : []),
      program('rpm-ostree', 'rebase', `${head}${stream}`),
    ],
    lasts: true,
    means: `The newest of ${stream} is staged from ${head}${stream}; the next boot takes it.${isRunning ? ' Zincati is stopped until then.' : ''}`,
  };
}

function pin(act: Extract<UpdateAct, { kind: 'pin' | 'unpin' }>, { update }: ActSight): ActAnswer {
  const slot = update.slots.find(({ name }) => name === act.slot);
  if (!slot) return { why: `there is no deployment ${act.slot}` };
  if (slot.staged) return { why: 'what is staged cannot be pinned before it was booted' };
  if (slot.pinned === (act.kind === 'pin')) return { why: `it is ${slot.pinned ? '' : 'not '}pinned already` };
  const name = slot.version ?? `deployment ${act.slot}`;
  if (act.kind === 'pin')
    return { commands: [program('ostree', 'admin', 'pin', act.slot)], means: `${name} is kept until it is unpinned.` };
  return {
    commands: [program('ostree', 'admin', 'pin', '--unpin', act.slot)],
    means: `${name} may be dropped by the next update.`,
  };
}
