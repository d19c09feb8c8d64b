import { fail } from '#shared/contract/problem.ts';
import type { UpdateAgentName } from '#shared/contract/update.ts';
import type { UpdateAct } from '#shared/contract/update-act.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { WorkActs } from '../changes/work/work-acts.ts';
import { readUpdate } from '../providers/update-agents/read-update.ts';
import { runAct } from './run-act.ts';

/** The update agents of a cluster's hosts, for roll-outs: each is read anew before it is told anything. */
export function agentActs(around: ActionSurroundings): WorkActs {
  const factsOf = (host: string) => {
    const facts = around.records.get('host', host, 'facts');
    if (!facts) throw fail('unreachable', 'nothing was read of this host yet', { host });
    return facts;
  };
  const read: WorkActs['read'] = async (host) => {
    const before = around.records.get('host', host, 'update');
    return (await readUpdate(around.hosts.access(host), factsOf(host), before, around.now)).update;
  };
  async function tell(
    host: string,
    agent: UpdateAgentName,
    act: UpdateAct,
    password: string | null,
    runs: string | null = null,
  ): Promise<string> {
    const update = await read(host);
    if (runs !== null && update.running !== runs)
      throw fail('stale', `it runs ${update.running}, not ${runs}`, { host });
    const sight = { update, facts: factsOf(host), actor: around.actor.name };
    return (await runAct(around.hosts.access(host), agent, act, { ...sight, password })).text;
  }
  return {
    read,
    runAct: tell,
    prepareRollBack: (host, agent, leaves, password) => tell(host, agent, { kind: 'roll-back' }, password, leaves),
  };
}
