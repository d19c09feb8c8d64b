import type { HostUpdate } from '#shared/contract/update.ts';
import type { UpdateAct } from '#shared/contract/update-act.ts';
import { actWords } from '#shared/lib/update/act-words.ts';

/** What a button says on one host: with the names of what is there. */
export function actButton(act: UpdateAct, { agent, offered, slots }: HostUpdate): string {
  switch (act.kind) {
    case 'download':
      if (agent === 'apt' || agent === 'dnf') return act.only === 'security' ? actWords(act) : 'Install all that waits';
      return offered === null ? 'Download what is offered' : `Download ${offered}`;
    case 'roll-back': {
      const before = slots.find(({ booted, staged }) => !booted && !staged)?.version;
      return before ? `Prepare roll back to ${before}` : actWords(act);
    }
    case 'set-channel':
      return agent === 'bootc' ? 'Switch the image…' : 'Set the channel…';
    case 'pin':
    case 'unpin': {
      const version = slots.find(({ name }) => name === act.slot)?.version ?? act.slot;
      return `${act.kind === 'pin' ? 'Pin' : 'Unpin'} ${version}`;
    }
    default:
      return actWords(act);
  }
}
