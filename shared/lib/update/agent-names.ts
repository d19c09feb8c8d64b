import type { UpdateAgentName } from '../../contract/update.ts';

/** How agents are called where they are named in a sentence. */
export const agentNames: Record<UpdateAgentName, string> = {
  'update-engine': 'update_engine',
  'rpm-ostree': 'rpm-ostree',
  bootc: 'bootc',
  apt: 'apt',
  dnf: 'dnf',
};

/** Whether an agent puts packages in place at once, and so keeps no system from before beside the new one. */
export function installsPackages(agent: UpdateAgentName): agent is 'apt' | 'dnf' {
  return agent === 'apt' || agent === 'dnf';
}

/** Why a host of such an agent is not taken back. */
export function noSystemBefore(agent: UpdateAgentName): string {
  return `${agent} keeps no system from before`;
}
