import type { HostUpdate } from '#shared/contract/update.ts';
import type { ScriptSections } from '../../probes/script-sections.ts';

/** How an agent's unit stands, by `systemctl show` in a section of a script's output. */
export function agentState(sections: ScriptSections, section: string): HostUpdate['agentState'] {
  const load = sections.value(section, 'LoadState');
  const active = sections.value(section, 'ActiveState');
  if (load === '') return 'unreadable';
  if (load === 'masked') return 'masked';
  if (load === 'not-found') return 'missing';
  return active === 'active' || active === 'activating' || active === 'reloading' ? 'running' : 'stopped';
}
