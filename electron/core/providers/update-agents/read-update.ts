import type { HostFacts } from '#shared/contract/host.ts';
import { fail, type Problem } from '#shared/contract/problem.ts';
import { type HostUpdate, hostUpdate } from '#shared/contract/update.ts';
import type { HostAccess } from '../../hosts/host-access.ts';
import { blankUpdate } from './blank-update.ts';
import { updateAgentList } from './index.ts';
import type { UpdateAgent } from './update-agent.ts';

/** Finds a host's agent and reads it; without one the section says so. Rejects with ProblemError when it could not be read. */
export async function readUpdate(
  access: HostAccess,
  facts: HostFacts,
  before: HostUpdate | undefined,
  now: () => number,
): Promise<{ update: HostUpdate; agent: UpdateAgent | null }> {
  for (const agent of updateAgentList) {
    if (!agent.detects(facts)) continue;
    const read = await agent.read(access, facts, now);
    if (!read) continue;
    const checked = hostUpdate.safeParse(withOffered(read, before));
    if (!checked.success) {
      const [issue] = checked.error.issues;
      const where = `${issue?.path.join('.')} ${issue?.message}`;
      throw fail('protocol', `${agent.name} told what cannot be: ${where}`, { host: access.host });
    }
    return { update: checked.data, agent };
  }
  const none = blankUpdate('none', now());
  const phaseText = 'No update agent that is understood here was found on this host.';
  return { update: { ...none, running: facts.os.version, phaseText }, agent: null };
}

/** What is shown of a host that could not be read: the last that is known, or nothing but why. */
export function unreadUpdate(
  facts: HostFacts,
  before: HostUpdate | undefined,
  problem: Problem,
  now: () => number,
): HostUpdate {
  if (before) return { ...before, problem };
  const agent = updateAgentList.find((each) => each.detects(facts))?.name ?? 'none';
  const blank = blankUpdate(agent, now());
  return { ...blank, agentState: 'unreadable', phaseText: 'It could not be read.', running: facts.os.version, problem };
}

/** An agent that was started anew may no longer know which version it put in place; what it said before still holds. */
function withOffered(update: HostUpdate, before: HostUpdate | undefined): HostUpdate {
  const isSame = before?.phase === 'staged' && update.phase === 'staged' && before.running === update.running;
  if (!isSame || update.offered !== null || before.offered === null) return update;
  const offered = before.offered;
  return {
    ...update,
    offered,
    slots: update.slots.map((slot) => (slot.staged && slot.version === null ? { ...slot, version: offered } : slot)),
  };
}
