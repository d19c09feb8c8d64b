import { agentNames } from '#shared/lib/update/agent-names.ts';
import type { BoardColumn } from './board.ts';

/** How agents are called on the board. */
export const agentWords: Record<BoardColumn['agent'], string> = {
  ...agentNames,
  none: 'no agent',
  unread: 'not read yet',
};

/** A column in words: `stable of update_engine`, `packages of apt`. */
export function columnWords({ agent, channel }: Pick<BoardColumn, 'agent' | 'channel'>): string {
  if (agent === 'none') return 'hosts without an update agent';
  if (agent === 'unread') return 'hosts that were not read yet';
  if (agent === 'apt' || agent === 'dnf') return `packages of ${agentWords[agent]}`;
  return `${channel || 'no channel'} of ${agentWords[agent]}`;
}
