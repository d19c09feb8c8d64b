import type { HostUpdate } from '#shared/contract/update.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { assignments } from '../../../probes/os-identity.ts';
import type { ScriptSections } from '../../../probes/script-sections.ts';
import { actUnit } from '../act-unit.ts';
import { agentState } from '../agent-unit.ts';
import { blankUpdate } from '../blank-update.ts';
import { packageReboot } from '../package-reboot.ts';
import { packageUpdate } from '../package-update.ts';
import { followProperties, unitsOnBus } from '../follow-units.ts';
import { runScript } from '../run-script.ts';
import type { UpdateAgent } from '../update-agent.ts';
import { orderDnf } from './acts.ts';
import { lockedPackages, readDnfPending } from './pending.ts';

/** dnf, with dnf-automatic where that is set up. */
export const dnf: UpdateAgent = {
  name: 'dnf',
  everyMs: 3_600_000,
  detects: ({ family }) => family === 'fedora' || family === 'rhel' || family === 'other',
  async read(access, facts, now) {
    const sections = await runScript(access, 'update-dnf', []);
    if (sections.lines('absent').length > 0) return null;
    const os = assignments(sections.lines('os-release'));
    const holds = lockedPackages(sections.lines('locked'));
    const pending = readDnfPending(sections.lines('check'), sections.lines('security'));
    const update: HostUpdate = {
      ...blankUpdate('dnf', now()),
      how: 'client',
      running: cleanLine(os.get('VERSION_ID') ?? facts.os.version, 100),
      agentState: agentState(sections, 'timer'),
      ...packageReboot(sections, facts),
      strategy: strategyOf(sections),
      pending: pending && { ...pending, held: holds?.length ?? 0 },
      ...(holds ? { holds } : {}),
      facts: [{ name: 'Timer', value: cleanLine(sections.value('timer', 'name'), 100), source: '' }],
    };
    return packageUpdate(
      update,
      ['run', 'ours'].some((of) => ['active', 'activating'].includes(sections.value(of, 'ActiveState'))),
      rebootsItself(sections),
    );
  },
  follow: followProperties([...unitsOnBus('dnf-automatic.service', 'dnf-automatic.timer', actUnit)]),
  order: orderDnf,
};

/** `reboot` of dnf-automatic: never (where it is not set), when-changed or when-needed. */
function rebootsItself(sections: ScriptSections): boolean {
  return sections.lines('conf').some((line) => /^\s*reboot\s*=\s*when-(changed|needed)\s*$/i.test(line));
}

function strategyOf(sections: ScriptSections): HostUpdate['strategy'] {
  const timer = sections.value('timer', 'name');
  const isOn = agentState(sections, 'timer') === 'running';
  const applies = /^\s*apply_updates\s*=\s*(yes|true|1)\s*$/i;
  const isApplied =
    timer === 'dnf-automatic-install.timer' || sections.lines('conf').some((line) => applies.test(line));
  const source = '/etc/dnf/automatic.conf';
  if (!isOn) return { name: 'by-hand', text: 'Only a person installs updates.', source: '' };
  return isApplied
    ? { name: 'automatic', text: 'dnf-automatic installs updates.', source }
    : { name: 'by-hand', text: 'dnf-automatic only downloads or tells; a person installs updates.', source };
}
