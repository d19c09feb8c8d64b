import type { UpdateAct } from '#shared/contract/update-act.ts';
import { program } from '../act-command.ts';
import { holdCommand, liftCommand } from '../holds.ts';
import type { ActAnswer, ActSight } from '../update-agent.ts';

const timer = 'bootc-fetch-apply-updates.timer';

/** What bootc can be told. */
export function orderBootc(act: UpdateAct, sight: ActSight): ActAnswer {
  const { update } = sight;
  switch (act.kind) {
    case 'check':
      return {
        commands: [program('bootc', 'upgrade', '--check')],
        means: 'bootc looks whether its image has something newer; nothing is downloaded but its description.',
      };
    case 'download':
      if (update.rebootNeeded) return { why: `${update.offered ?? 'an image'} is staged already` };
      if (update.holds?.length)
        return { why: `${update.holds[0]?.version} is held back on this host`, hint: 'Lift the hold first.' };
      return {
        commands: [program('bootc', 'upgrade')],
        lasts: true,
        means: 'The newest of its image is downloaded and staged; the next boot takes it.',
      };
    case 'reset':
      if (update.slots.some(({ name, next }) => name === 'rollback' && next))
        return { commands: [program('bootc', 'rollback')], means: `The next boot takes ${update.running} again.` };
      return { why: 'bootc has no command that drops what is staged', hint: 'Roll back, which drops it as well.' };
    case 'stop':
      if (update.agentState !== 'running') return { why: `${timer} is ${update.agentState}: nothing runs by itself` };
      return {
        commands: [program('systemctl', 'mask', '--runtime', '--now', timer)],
        means: 'Its timer is stopped until it is resumed or the host boots; a download under way goes on.',
      };
    case 'resume':
      if (update.agentState === 'running' || update.agentState === 'missing')
        return { why: `${timer} is ${update.agentState}` };
      return {
        commands: [
          program('systemctl', 'unmask', '--runtime', timer),
          program('systemctl', 'unmask', timer),
          program('systemctl', 'start', timer),
        ],
        means: 'bootc fetches updates and reboots by itself again.',
      };
    case 'hold':
      if (update.holds?.some(({ version }) => version === act.version))
        return { why: `${act.version} is held back already` };
      if (update.rebootNeeded && update.offered === act.version)
        return { why: `${act.version} is staged, which bootc cannot drop`, hint: 'Roll back, which drops it as well.' };
      return {
        commands: [holdCommand('bootc', act.version, sight)],
        means: `bootc cannot refuse one release: ${timer} is masked while one is held, and nothing is downloaded from here.`,
      };
    case 'lift-hold': {
      const lift = liftCommand('bootc', act, sight);
      if ('why' in lift) return lift;
      return {
        commands: [lift],
        means: `With the last hold ${timer} is as it was, and ${act.version} may be taken again.`,
      };
    }
    case 'roll-back':
      return rollBack(sight);
    case 'set-channel':
      return switchTo(act.channel, sight);
    case 'pin':
    case 'unpin':
      return { why: 'bootc has no command that pins' };
    default:
      return act satisfies never;
  }
}

/** A bare word is a tag of the image that is followed, as a stream is of rpm-ostree; all else is a whole reference. */
function switchTo(channel: string, { update }: ActSight): ActAnswer {
  const [, image] = /^((?:[^@]*\/)?[^/:@]+)(?::[\w.-]+)?$/.exec(update.channel ?? '') ?? [];
  const isTag = /^[\w.-]+$/.test(channel);
  if (isTag && image === undefined)
    return { why: `of which image ${channel} is a tag is not known`, hint: 'Name a whole reference.' };
  const to = isTag ? `${image}:${channel}` : channel;
  if (to === update.channel) return { why: `it follows ${to} already` };
  return {
    commands: [program('bootc', 'switch', to)],
    lasts: true,
    means: `${to} is downloaded and staged; the next boot takes it, and updates come from there.`,
  };
}

function rollBack(sight: ActSight): ActAnswer {
  const { update } = sight;
  const before = update.slots.find(({ name }) => name === 'rollback');
  if (!before) return { why: 'there is no image to go back to' };
  if (before.next) return { why: `the next boot takes ${before.version ?? 'the image before'} already` };
  const drops = update.slots.some(({ staged }) => staged) ? ' What is staged is dropped.' : '';
  return {
    commands: [holdCommand('bootc', update.running, sight), program('bootc', 'rollback')],
    means: `The next boot takes ${before.version ?? 'the image before'}; ${update.running} is held back.${drops}`,
  };
}
