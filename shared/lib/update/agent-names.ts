import type { UpdateAgentName } from '../../contract/update.ts';

/** How agents are called where they are named in a sentence. */
export const agentNames: Record<UpdateAgentName, string> = {
  'update-engine': 'update_engine',
  'rpm-ostree': 'rpm-ostree',
  bootc: 'bootc',
  apt: 'apt',
  dnf: 'dnf',
};
