import type { UpdateAct } from '../../contract/update-act.ts';

/** What an act is, as a person would say it: on buttons, in the activity log. */
export function actWords(act: UpdateAct): string {
  switch (act.kind) {
    case 'check':
      return 'Check for updates';
    case 'download':
      return act.only === 'security' ? 'Install security updates' : 'Take what is offered';
    case 'reset':
      return 'Forget the update that waits';
    case 'stop':
      return 'Stop updates';
    case 'resume':
      return 'Resume updates';
    case 'hold':
      return `Hold ${act.version}`;
    case 'lift-hold':
      return `Lift the hold of ${act.version}`;
    case 'roll-back':
      return 'Prepare a roll back';
    case 'set-channel':
      return `Set the channel to ${act.channel}`;
    case 'pin':
      return `Pin deployment ${act.slot}`;
    case 'unpin':
      return `Unpin deployment ${act.slot}`;
    default:
      return act satisfies never;
  }
}
