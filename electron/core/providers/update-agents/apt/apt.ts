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
import { orderApt } from './acts.ts';
import { heldPackages, isOnInApt, readAptConf, readPending } from './pending.ts';

/** apt, with unattended-upgrades where that is set up. */
export const apt: UpdateAgent = {
  name: 'apt',
  everyMs: 3_600_000,
  detects: ({ family }) => family === 'debian' || family === 'ubuntu' || family === 'other',
  async read(access, facts, now) {
    const sections = await runScript(access, 'update-apt', []);
    if (sections.lines('absent').length > 0) return null;
    const os = assignments(sections.lines('os-release'));
    const conf = readAptConf(sections.lines('conf'));
    const running = cleanLine(sections.lines('version')[0] ?? os.get('VERSION_ID') ?? facts.os.version, 100);
    const update: HostUpdate = {
      ...blankUpdate('apt', now()),
      running,
      how: 'client',
      lastCheckAt: checkedAt(sections),
      ...packageReboot(sections, facts),
      ...automatic(sections, conf, cleanLine(os.get('VERSION_CODENAME') ?? '', 60)),
    };
    const isUpgrading = [sections.value('run', 'ActiveState'), sections.value('ours', 'ActiveState')].some((state) =>
      ['active', 'activating'].includes(state),
    );
    const isRead = sections.value('upgrade', 'exit') === '0';
    const pending = isRead ? readPending(sections.lines('upgrade'), sections.lines('held')) : null;
    const holds = heldPackages(sections.lines('held'));
    return packageUpdate({ ...update, pending, holds }, isUpgrading, isOnInApt(conf, rebootsItself));
  },
  follow: followProperties([
    ...unitsOnBus('apt-daily.service', 'apt-daily-upgrade.service', 'apt-daily-upgrade.timer', actUnit),
  ]),
  order: orderApt,
};

const rebootsItself = 'Unattended-Upgrade::Automatic-Reboot';

function checkedAt(sections: ScriptSections): number | null {
  const told = sections.value('tools', 'checked');
  return /^\d{9,11}$/.test(told) ? Number(told) * 1000 : null;
}

function automatic(
  sections: ScriptSections,
  conf: ReadonlyMap<string, readonly string[]>,
  codename: string,
): Pick<HostUpdate, 'agentState' | 'strategy' | 'facts'> {
  const timer = agentState(sections, 'daily');
  const isThere = sections.value('tools', 'unattended') === 'yes';
  const last = (name: string) => conf.get(name)?.at(-1) ?? '';
  const isOn = isThere && !['', '0'].includes(last('APT::Periodic::Unattended-Upgrade'));
  const at = last('Unattended-Upgrade::Automatic-Reboot-Time') || 'now';
  const origins = [
    ...(conf.get('Unattended-Upgrade::Origins-Pattern') ?? []),
    ...(conf.get('Unattended-Upgrade::Allowed-Origins') ?? []),
  ];
  const rebootText = isOnInApt(conf, rebootsItself)
    ? ` Reboots by itself (${cleanLine(at, 40)}).`
    : ' Nobody reboots this host but a person.';
  return {
    agentState: isThere ? timer : 'missing',
    strategy: isOn
      ? { name: 'automatic', text: `unattended-upgrades installs updates.${rebootText}`, source: 'apt-config' }
      : { name: 'by-hand', text: 'Only a person installs updates.', source: 'apt-config' },
    facts: [
      ...(isThere ? [{ name: 'unattended-upgrades', value: 'installed', source: '' }] : []),
      ...(codename === '' ? [] : [{ name: 'Release', value: codename, source: '/etc/os-release' }]),
      ...origins.slice(0, 10).map((value, index) => ({
        name: `Taken from ${index + 1}`,
        value: cleanLine(value, 200),
        source: 'apt-config',
      })),
      ...(sections.value('run', 'Result') === ''
        ? []
        : [
            {
              name: 'Last run',
              value: cleanLine(sections.value('run', 'Result'), 60),
              source: 'apt-daily-upgrade.service',
            },
          ]),
    ],
  };
}
