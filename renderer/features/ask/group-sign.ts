import type { AskGroup } from '#shared/contract/ask.ts';
import type { Sign } from '../../words/states.ts';

/** How a group of answers is shown: answered with 0, with another exit code, killed, or not at all. */
export function groupSign(group: Pick<AskGroup, 'state' | 'exitCode' | 'signal'>): Sign {
  switch (group.state) {
    case 'answered':
      if (group.signal) return { tone: 'bad', shape: 'cross', word: `killed by ${group.signal}` };
      if (group.exitCode === 0) return { tone: 'good', shape: 'disc', word: 'exit 0' };
      return { tone: 'attention', shape: 'triangle', word: `exit ${group.exitCode ?? 'unknown'}` };
    case 'silent':
      return { tone: 'away', shape: 'slash', word: 'silent' };
    case 'lost':
      return { tone: 'away', shape: 'slash', word: 'connection lost' };
    case 'refused':
      return { tone: 'bad', shape: 'cross', word: 'not reached' };
    case 'cancelled':
      return { tone: 'purpose', shape: 'pause', word: 'cancelled' };
    case 'waiting':
    case 'running':
      return { tone: 'moving', shape: 'dots', word: group.state };
    default:
      return group.state satisfies never;
  }
}
