import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeDraft, ChangePart } from '#shared/contract/change.ts';
import { defaultReboots } from '#shared/contract/reboot.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { HostWork } from '#shared/contract/work.ts';
import type { TestView } from '#kit/view.ts';

/** How the roll-out goes over its hosts. */
export interface RollOutPace {
  readonly waves: number;
  readonly atOnce: number;
  readonly soakS: number;
}

/** What the update agent of every host says, once all were read. */
export async function readAgents(view: TestView, hosts: number): Promise<Map<string, HostUpdate>> {
  await view.until('cluster', '', 'journal', ({ problem }) => problem === null, 60_000);
  const until = performance.now() + 300_000;
  for (;;) {
    const read = new Map<string, HostUpdate>();
    for (const [host, { link, update, facts }] of view.replica.store.getState().records.host)
      if (link?.state === 'up' && facts && update && !update.problem) read.set(host, update);
    if (read.size === hosts) return read;
    if (performance.now() > until) throw new Error(`only ${read.size} of ${hosts} agents were read`);
    await sleep(1000);
  }
}

/** Takes hosts that are behind to what is newer, and has the others reboot, so that all have their part in it. */
export function wholeFleet(agents: ReadonlyMap<string, HostUpdate>, pace: RollOutPace): ChangeDraft {
  const workOf = (update: HostUpdate): HostWork => {
    const { agent, channel, pending } = update;
    const takes = { kind: 'update', from: null, to: null } as const;
    // Each channel of update_engine and the stable stream of rpm-ostree have something newer; what that is the agent tells
    // when it is asked.
    if (agent === 'update-engine' || (agent === 'rpm-ostree' && channel === 'stable')) return { ...takes, agent };
    if (agent === 'apt' && pending && pending.total > pending.held) return { ...takes, agent };
    return { kind: 'reboot' };
  };
  const parts = new Map<string, { work: HostWork; hosts: string[] }>();
  for (const [host, update] of agents) {
    const work = workOf(update);
    const part = parts.get(JSON.stringify(work)) ?? { work, hosts: [] };
    part.hosts.push(host);
    parts.set(JSON.stringify(work), part);
  }
  const made = [...parts.values()].map(({ work, hosts }): ChangePart => {
    return { hosts, files: [], actions: [], validators: [], gates: [], work };
  });
  return { title: 'The whole fleet, wave by wave', parts: made, policy: policyOf(pace, agents.size) };
}

/** As many hosts are under work at once as may be down at once, as update groups have it. */
function policyOf({ waves, atOnce, soakS }: RollOutPace, hosts: number): ChangeDraft['policy'] {
  const percent = Math.floor(100 / Math.max(1, waves - 1));
  const middle = Array.from({ length: Math.max(0, waves - 2) }, () => ({ size: percent, unit: 'percent' as const }));
  return {
    waves: waves > 1 ? [{ size: 1, unit: 'hosts' }, ...middle] : [],
    spreadOver: 'zone',
    maxUnavailable: atOnce,
    soakS,
    // Failures are counted at the end and shown, not stopped at.
    failureBudget: hosts,
    deadmanS: 90,
    confirmOver: 'new-connection',
    window: null,
    reboot: { ...defaultReboots, lock: 'none', atOnce, peopleWaitS: 0 },
  };
}
