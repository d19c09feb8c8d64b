import type { HostUpdate } from '#shared/contract/update.ts';
import { noSystemBefore } from '#shared/lib/update/agent-names.ts';
import type { ActAnswer, ActRefusal } from './update-agent.ts';
import { program } from './act-command.ts';

/** Why packages are not put in place now; null when they may be. */
export function whyNotInstall({ phase, pending }: HostUpdate): ActRefusal | null {
  if (phase === 'finalizing') return { why: 'packages are being installed already' };
  if (pending && pending.total === 0) return { why: 'no package waits', hint: 'Check for updates first.' };
  return null;
}

/** Stops or starts the timers by which packages come by themselves. */
export function timersOrder(kind: 'stop' | 'resume', timers: readonly string[], { agentState }: HostUpdate): ActAnswer {
  const names = timers.join(' and ');
  if (agentState === 'missing') return { why: 'nothing installs packages by itself here' };
  if (kind === 'resume') {
    if (agentState === 'running') return { why: `${names} ${timers.length === 1 ? 'runs' : 'run'} already` };
    return {
      commands: [
        program('systemctl', 'unmask', '--runtime', ...timers),
        program('systemctl', 'unmask', ...timers),
        program('systemctl', 'start', ...timers),
      ],
      means: `${names} may install packages by themselves again.`,
    };
  }
  if (agentState !== 'running') return { why: `${names} is ${agentState} already` };
  return {
    commands: [program('systemctl', 'mask', '--runtime', '--now', ...timers)],
    means: `${names} do not run until resumed or the host boots; what is being installed now is let end.`,
  };
}

/** Takes away the link by which the next boot is for an update that was prepared; null where none is. */
export function forgetOffline({ offline }: HostUpdate): ActAnswer | null {
  if (!offline) return null;
  return {
    commands: [program('rm', '-f', offline.link)],
    means: 'The next boot is an ordinary one again; what was downloaded for the update stays where it is.',
  };
}

/** What no package manager has. */
export function noSystem(
  kind: 'reset' | 'roll-back' | 'set-channel' | 'pin' | 'unpin',
  agent: 'apt' | 'dnf',
): ActRefusal {
  switch (kind) {
    case 'reset':
      return { why: `${agent} puts packages in place at once: there is nothing staged to forget` };
    case 'roll-back':
      return {
        why: noSystemBefore(agent),
        hint: 'Install the older version of the package, and hold it.',
      };
    case 'set-channel':
      return { why: `${agent} has sources, no channel`, hint: 'Change its sources as files.' };
    default:
      return { why: `${agent} pins no system`, hint: 'Hold a package instead.' };
  }
}
