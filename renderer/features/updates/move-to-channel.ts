import type { RecordOf } from '#shared/contract/records.ts';
import type { UpdateAgentName } from '#shared/contract/update.ts';
import { agentNames } from '#shared/lib/update/agent-names.ts';
import type { BoardColumn } from './board.ts';

type Hosts = ReadonlyMap<string, RecordOf<'host'>>;

/** Hosts of one agent, which are moved together. */
export interface AgentMove {
  readonly agent: UpdateAgentName;
  readonly hosts: readonly string[];
}

/** A move to another channel: what each agent is to be asked about, and who stays. */
export interface ChannelMoves {
  readonly moves: readonly AgentMove[];
  readonly stay: readonly { readonly host: string; readonly why: string }[];
}

/** Agents that have channels, each with those that are usual. */
const usual: readonly (readonly [agent: UpdateAgentName, channels: readonly string[]])[] = [
  ['update-engine', ['stable', 'beta', 'alpha', 'lts']],
  ['rpm-ostree', ['stable', 'testing', 'next']],
  ['bootc', []],
];

/** Splits hosts by their agent; whose agent has no channels, or who follows this one already, stays with the reason. */
export function movesToChannel(names: readonly string[], hosts: Hosts, channel: string): ChannelMoves {
  const moves = new Map<UpdateAgentName, string[]>(usual.map(([agent]) => [agent, []]));
  const stay: { host: string; why: string }[] = [];
  for (const host of names) {
    const update = hosts.get(host)?.update;
    if (!update) stay.push({ host, why: 'its update agent was not read yet' });
    else if (update.agent === 'none') stay.push({ host, why: 'no update agent that is understood is on it' });
    else if (!moves.has(update.agent))
      stay.push({ host, why: `${agentNames[update.agent]} has sources, no channel: they are changed as files` });
    else if (update.channel === channel) stay.push({ host, why: `it follows ${channel} already` });
    else moves.get(update.agent)?.push(host);
  }
  return { moves: [...moves].flatMap(([agent, its]) => (its.length > 0 ? [{ agent, hosts: its }] : [])), stay };
}

/** Channels that one of these hosts may be moved to: the usual ones of their agents, and what others here follow. */
export function channelsFor(names: readonly string[], hosts: Hosts, columns: readonly BoardColumn[]): string[] {
  const agents = new Set(names.map((name) => hosts.get(name)?.update?.agent));
  const known = usual.flatMap(([agent, channels]) =>
    agents.has(agent)
      ? [...channels, ...columns.flatMap((column) => (column.agent === agent && column.channel ? column.channel : []))]
      : [],
  );
  return [...new Set(known)];
}
