import type { HostUpdate, UpdatePhase } from '#shared/contract/update.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { assignments } from '../../../probes/os-identity.ts';
import type { ScriptSections } from '../../../probes/script-sections.ts';
import { agentState } from '../agent-unit.ts';
import { blankUpdate } from '../blank-update.ts';
import { followProperties, unitsOnBus } from '../follow-units.ts';
import { withHolds } from '../holds.ts';
import { runScript } from '../run-script.ts';
import type { UpdateAgent } from '../update-agent.ts';
import { orderOstree } from './acts.ts';
import { type Deployments, readDeployments } from './deployments.ts';
import { readZincatiConf, type ZincatiConf } from './zincati-conf.ts';

/** rpm-ostree, with Zincati driving it on Fedora CoreOS. */
export const rpmOstree: UpdateAgent = {
  name: 'rpm-ostree',
  everyMs: 600_000,
  detects: ({ family }) => family === 'fedora-coreos' || family === 'fedora' || family === 'rhel',
  async read(access, facts, now) {
    const sections = await runScript(access, 'update-rpm-ostree', []);
    if (sections.value('absent', 'yes') !== '' || sections.lines('absent').length > 0) return null;
    const blank = blankUpdate('rpm-ostree', now());
    const conf = readZincatiConf(sections.lines('fragments'));
    const deployments = readDeployments(sections.lines('ostree').join(''));
    const os = assignments(sections.lines('os-release'));
    const running = cleanLine(os.get('OSTREE_VERSION') ?? os.get('VERSION_ID') ?? facts.os.version, 100);
    const update = withZincati({ ...blank, running, channel: facts.channel }, sections, conf, facts.timezone);
    if (!deployments) {
      const problem = { code: 'protocol' as const, message: 'rpm-ostree printed no status', host: access.host };
      return { ...update, agentState: 'unreadable', phaseText: 'The deployments could not be read.', problem };
    }
    return withHolds(withDeployments(update, deployments, sections, conf), sections);
  },
  follow: followProperties([
    { sender: 'org.projectatomic.rpmostree1', path: '/org/projectatomic/rpmostree1/Sysroot' },
    ...unitsOnBus('zincati.service', 'rpm-ostreed-automatic.service'),
  ]),
  order: orderOstree,
};

function withZincati(update: HostUpdate, sections: ScriptSections, conf: ZincatiConf, timeZone: string): HostUpdate {
  const zincati = agentState(sections, 'zincati');
  const says = cleanLine(sections.value('zincati', 'StatusText'), 300);
  const timer = agentState(sections, 'automatic');
  const byTimer = zincati === 'missing' && timer === 'running';
  const wariness =
    conf.wariness === null ? [] : [{ name: 'Rollout wariness', value: String(conf.wariness), source: '' }];
  return {
    ...update,
    agentState: byTimer ? 'running' : zincati,
    server: zincati === 'missing' ? null : conf.server,
    strategy:
      zincati === 'missing'
        ? byTimer
          ? {
              name: 'automatic',
              text: 'rpm-ostreed-automatic.timer updates it.',
              source: 'rpm-ostreed-automatic.timer',
            }
          : { name: 'by-hand', text: 'Only a person updates it: Zincati is not there.', source: '' }
        : conf.strategy,
    windows: zincati === 'missing' ? [] : conf.windows,
    ...(zincati !== 'missing' && conf.weekly(timeZone)),
    lastCheckAt: lastChecked(says),
    facts: [
      ...(says ? [{ name: 'Zincati says', value: says, source: 'zincati.service' }] : []),
      ...(zincati === 'missing' ? [] : [{ name: 'Group', value: conf.group, source: '' }]),
      ...(conf.lockServer === ''
        ? []
        : [{ name: 'Lock server', value: conf.lockServer, source: conf.strategy.source }]),
      ...wariness,
      ...conf.unread.map((path) => ({ name: 'Not understood', value: path, source: 'Zincati configuration' })),
    ],
  };
}

/** `last checked Tue 2026-03-03 10:00:00 UTC`, as Zincati writes it. */
function lastChecked(says: string): number | null {
  const at = /last checked (?:[A-Z][a-z]{2} )?(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) UTC/.exec(says);
  const ms = at ? Date.parse(`${at[1]}T${at[2]}Z`) : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}

function withDeployments(
  update: HostUpdate,
  deployments: Deployments,
  sections: ScriptSections,
  conf: ZincatiConf,
): HostUpdate {
  const { slots, origin, stream, transaction, driver } = deployments;
  const says = sections.value('zincati', 'StatusText');
  const found = /found update on remote: ([\w.+~-]{1,80})/.exec(says)?.[1] ?? null;
  const isAsleep = !conf.enabled || update.agentState === 'masked' || update.agentState === 'stopped';
  const phase: UpdatePhase = transaction
    ? 'downloading'
    : deployments.isStaged
      ? 'staged'
      : found !== null || deployments.cached !== null
        ? 'available'
        : isAsleep
          ? 'disabled'
          : 'idle';
  const offered = deployments.next ?? found ?? deployments.cached;
  const whole: HostUpdate = {
    ...update,
    how: 'client',
    running: deployments.running ?? update.running,
    channel: stream ?? update.channel,
    channelSource: 'rpm-ostree status',
    phase,
    phaseText: sentence(phase, offered, transaction, update.agentState),
    offered,
    rebootNeeded: deployments.isStaged,
    slots,
    facts: [
      ...update.facts,
      ...(origin ? [{ name: 'Origin', value: origin, source: 'rpm-ostree status' }] : []),
      ...(driver ? [{ name: 'Driven by', value: driver, source: 'rpm-ostree status' }] : []),
    ],
  };
  return { ...whole, heldBy: heldBy(whole, conf, deployments) };
}

function sentence(
  phase: UpdatePhase,
  offered: string | null,
  transaction: string | null,
  state: HostUpdate['agentState'],
): string {
  const what = offered ?? 'an update';
  switch (phase) {
    case 'downloading':
      return `A transaction is under way: ${transaction}.`;
    case 'staged':
      return `${what} is deployed and waits for a reboot.`;
    case 'available':
      return `${what} was found and is not staged yet.`;
    case 'disabled':
      return state === 'running' ? 'Updates are switched off.' : `zincati.service is ${state}: nothing is checked.`;
    default:
      return 'No update is pending.';
  }
}

function heldBy(update: HostUpdate, conf: ZincatiConf, deployments: Deployments): HostUpdate['heldBy'] {
  const held: HostUpdate['heldBy'] = [];
  if (!conf.enabled) held.push({ by: 'policy', text: `Updates are switched off in ${conf.enabledSource}.` });
  if (update.agentState === 'stopped' || update.agentState === 'masked')
    held.push({ by: 'agent', text: `zincati.service is ${update.agentState}.` });
  if (!update.rebootNeeded) return held;
  const { name, text } = update.strategy;
  if (name === 'fleet_lock') held.push({ by: 'lock', text });
  else if (name === 'periodic') held.push({ by: 'window', text });
  else if (name === 'by-hand' || update.agentState !== 'running')
    held.push({ by: 'person', text: 'Nobody reboots this host but a person.', reboot: true });
  else if (deployments.isLocked) held.push({ by: 'agent', text: 'Zincati has not finalised it yet.' });
  return held;
}
