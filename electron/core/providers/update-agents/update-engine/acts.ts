import { fail, toProblem } from '#shared/contract/problem.ts';
import type { UpdateAct } from '#shared/contract/update-act.ts';
import { writeSetting } from '#shared/formats/settings/settings.ts';
import type { HostAccess } from '../../../hosts/host-access.ts';
import { hostScript, program } from '../act-command.ts';
import { holdCommand, liftCommand } from '../holds.ts';
import type { ActAnswer, ActSight } from '../update-agent.ts';
import { updateBus } from './follow-engine.ts';

const unit = 'update-engine.service';

/** What update_engine can be told. It has no cancel and takes no single release: both are made of what it has, and said. */
export function orderEngine(act: UpdateAct, sight: ActSight): ActAnswer {
  const { update } = sight;
  switch (act.kind) {
    case 'check':
    case 'download':
      return checkNow(act, sight);
    case 'reset':
      if (!update.rebootNeeded && isNextBooted(sight)) return { why: 'no update waits: the next boot takes what runs' };
      return {
        commands: [hostScript('update-engine-act', 'reset', update.running)],
        means: `The next boot takes ${update.running} again; update_engine may offer the update anew at its next check.`,
      };
    case 'stop':
      if (update.agentState === 'masked') return { why: `${unit} is masked already` };
      return {
        // Whatever asks for its name on the bus would start it again, were it not masked.
        commands: [program('systemctl', 'mask', '--runtime', '--now', unit)],
        means:
          'update_engine has no cancel: its unit is stopped until it is resumed or the host boots; a download under way is lost.',
      };
    case 'resume':
      if (update.agentState === 'running') return { why: `${unit} runs already` };
      return {
        commands: [
          program('systemctl', 'unmask', '--runtime', unit),
          program('systemctl', 'unmask', unit),
          program('systemctl', 'start', unit),
        ],
        means: 'update_engine runs again and checks by itself some minutes later.',
      };
    case 'hold':
      return hold(act.version, sight);
    case 'lift-hold': {
      const lift = liftCommand('update-engine', act, sight);
      if ('why' in lift) return lift;
      return {
        commands: [lift],
        means: `With the last hold SERVER is as it was before, and ${act.version} may be taken again.`,
      };
    }
    case 'roll-back':
      return rollBack(sight);
    case 'set-channel':
      return setChannel(act.channel, sight);
    case 'pin':
    case 'unpin':
      return { why: 'update_engine has two slots and pins neither' };
    default:
      return act satisfies never;
  }
}

/** Roll back and hold are one order for all agents: the bad release, then the slot. */
function rollBack(sight: ActSight): ActAnswer {
  const { update } = sight;
  const { running } = update;
  if (update.rebootNeeded)
    return {
      why: 'the other slot holds the update that waits, no longer the system before',
      hint: 'Forget the update that waits.',
    };
  if (['downloading', 'finalizing'].includes(update.phase)) return { why: 'the other slot is being written' };
  const other = update.slots.find(({ booted }) => !booted);
  if (update.slots.length === 0)
    return { why: 'the slots could not be read: that takes root', hint: 'Log in as a user that may use sudo unasked.' };
  if (!other || (other.priority === 0 && other.good !== true && (other.tries ?? 0) === 0 && other.version === null))
    return { why: 'the other slot is empty: this host never had an update' };
  if (other.version === null) return { why: `which system is in ${other.name} is not known` };
  // Right after an update it is the next one as well, until update_engine has found the new slot to be good.
  if (other.next && update.holds?.some(({ version }) => version === running))
    return { why: `the next boot takes ${other.version} already` };
  const once = other.good === true ? '' : ' It was never known to be good, and gets one try.';
  return {
    commands: [holdCommand('update-engine', running, sight), hostScript('update-engine-act', 'roll-back', running)],
    means: `The next boot takes ${other.version} from ${other.name}; ${running} is held back, for which SERVER=disabled is set; update_engine is stopped until then.${once}`,
  };
}

function hold(version: string, sight: ActSight): ActAnswer {
  const { update } = sight;
  if (update.holds?.some((held) => held.version === version)) return { why: `${version} is held back already` };
  const isStaged = update.rebootNeeded && (update.offered === version || update.offered === null);
  const commands = [holdCommand('update-engine', version, sight)];
  if (isStaged) commands.push(hostScript('update-engine-act', 'reset', update.running));
  return {
    commands,
    means:
      'update_engine cannot refuse one release, so it asks no server while one is held: SERVER=disabled is set in update.conf, ' +
      `and what was there is put back later.${isStaged ? ` The next boot takes ${update.running} again.` : ''}`,
  };
}

function checkNow(act: UpdateAct, { update }: ActSight): ActAnswer {
  if (update.agentState !== 'running')
    return { why: `${unit} is ${update.agentState}: nobody would check`, hint: 'Resume updates first.' };
  const off = update.heldBy.find(({ by, text }) => by === 'policy' && text.includes('SERVER=disabled'));
  if (off) return { why: `updates are switched off: ${off.text}` };
  if (act.kind === 'download' && update.rebootNeeded) return { why: 'an update is in the other slot already' };
  if (['checking', 'available', 'downloading', 'finalizing'].includes(update.phase))
    return { why: 'an update is under way already' };
  return {
    commands: [program('update_engine_client', '-check_for_update')],
    overBus: attemptUpdate,
    means: update.rebootNeeded
      ? 'The server is told that this host is there; what waits for a reboot stays.'
      : 'update_engine asks its server now and downloads by itself what is offered.',
  };
}

async function attemptUpdate(access: HostAccess): Promise<string> {
  const bus = await access.bus();
  const daemon = 'org.freedesktop.DBus';
  const [isThere] = await bus.call(daemon, '/org/freedesktop/DBus', daemon, 'NameHasOwner', 's', [updateBus.name]);
  if (isThere !== true) throw fail('not-found', 'update_engine is not on the bus', { host: access.host });
  try {
    await bus.call(updateBus.name, updateBus.path, updateBus.interface, 'AttemptUpdate', '', [], 20_000);
  } catch (error) {
    throw fail(toProblem(error).code, toProblem(error).message, { host: access.host });
  }
  return 'update_engine checks now';
}

function isNextBooted({ update }: ActSight): boolean {
  return update.slots.find(({ next }) => next)?.booted ?? true;
}

function setChannel(channel: string, { update, facts }: ActSight): ActAnswer {
  if (channel === update.channel) return { why: `its channel is ${channel} already` };
  if (!/^[\w.:-]{1,200}$/.test(channel)) return { why: `${channel} is no group of update_engine: one word is` };
  const path = `/etc/${facts.family === 'container-linux' ? 'coreos' : 'flatcar'}/update.conf`;
  return {
    path,
    edit: (text) => withGroup(path, text, channel),
    means: `GROUP becomes ${channel} in ${path}, which counts before every other file; the next check asks that channel.`,
  };
}

/** The text with its GROUP changed, everything else byte for byte. */
function withGroup(path: string, text: string | null, channel: string): string {
  const made = writeSetting(path, text ?? '', 'GROUP', channel);
  if (typeof made !== 'string') throw fail(made.code, made.message, made);
  return made;
}
