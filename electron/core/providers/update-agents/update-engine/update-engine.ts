import type { HostFacts } from '#shared/contract/host.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import { lookUpConf, type UpdateConf } from '#shared/formats/update-conf/parse.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { HostAccess } from '../../../hosts/host-access.ts';
import { assignments } from '../../../probes/os-identity.ts';
import type { ScriptSections } from '../../../probes/script-sections.ts';
import { agentState } from '../agent-unit.ts';
import { blankUpdate } from '../blank-update.ts';
import { withHolds } from '../holds.ts';
import { rootWord, runScript } from '../run-script.ts';
import type { UpdateAgent } from '../update-agent.ts';
import { orderEngine } from './acts.ts';
import { closedConf, confFiles, coordinatorConf } from './conf-files.ts';
import { heldBy } from './held-by.ts';
import { rebootStrategy, rebootWindows, weeklyWindows } from './locksmith.ts';
import { readSlots } from './slots.ts';
import { type EngineStatus, statusOfBus, statusOfClient, withStatus } from './status.ts';
import { followEngine, updateBus } from './follow-engine.ts';

/** update_engine of Flatcar and Container Linux. */
export const updateEngine: UpdateAgent = {
  name: 'update-engine',
  everyMs: 300_000,
  // It marks its slot good a minute or two after the boot, and tells nobody.
  settling: ({ agentState, slots }) =>
    agentState === 'running' && slots.some(({ booted, good }) => booted && good === false),
  detects: ({ family }) => family === 'flatcar' || family === 'container-linux',
  async read(access, facts, now) {
    const sections = await runScript(access, 'update-engine', [rootWord(facts), 'plain']);
    const files = confFiles(sections, facts.family);
    const outside = withConf(blankUpdate('update-engine', now()), sections, files, facts);
    const inside =
      outside.agentState === 'running' ? await asked(access, outside, sections) : notRunning(outside, sections);
    return withSlots(inside, sections, files);
  },
  follow: followEngine,
  order: orderEngine,
};

function withConf(
  update: HostUpdate,
  sections: ScriptSections,
  files: readonly UpdateConf[],
  facts: HostFacts,
): HostUpdate {
  const group = lookUpConf(files, 'GROUP');
  const server = lookUpConf(files, 'SERVER');
  const coordinator = coordinatorConf(sections);
  const lockState = agentState(sections, 'locksmith');
  const closed = closedConf(sections);
  const strategy = rebootStrategy(files, coordinator);
  const windows = rebootWindows(files, facts.timezone);
  const locksmithd = coordinator?.values.get('STATE') ?? lockState;
  const alias = lookUpConf(files, 'MACHINE_ALIAS');
  const shown = (value: string) => cleanLine(value, 300);
  return {
    ...update,
    agentState: agentState(sections, 'engine'),
    running: shown(assignments(sections.lines('os-release')).get('VERSION_ID') ?? facts.os.version),
    channel: group ? shown(group.value) : 'stable',
    channelSource: group?.source ?? '',
    server: server && server.value !== 'disabled' ? shown(server.value) : null,
    phase: server?.value === 'disabled' ? 'disabled' : 'unknown',
    strategy,
    windows: strategy.name === 'off' ? windows.map(unused) : windows,
    ...(strategy.name !== 'off' && weeklyWindows(files, facts.timezone)),
    facts: [
      { name: 'locksmithd', value: shown(locksmithd), source: coordinator?.path ?? 'locksmithd.service' },
      ...(server ? [{ name: 'Server set in', value: server.source, source: '' }] : []),
      ...(alias ? [{ name: 'Known to the server as', value: shown(alias.value), source: alias.source }] : []),
      ...closed.map((path) => ({ name: 'Not readable', value: path, source: 'only root may read it' })),
    ],
  };
}

function unused(window: HostUpdate['windows'][number]): HostUpdate['windows'][number] {
  return { ...window, text: `${window.text}, not used while the strategy is off` };
}

/** What the agent itself says: over the bus, else by its client. */
async function asked(access: HostAccess, update: HostUpdate, sections: ScriptSections): Promise<HostUpdate> {
  const overBus = await askBus(access).catch(toProblem);
  if ('operation' in overBus) return { ...withStatus(update, overBus), how: 'bus' };
  if (overBus.code === 'lost' || overBus.code === 'unreachable') throw fail(overBus.code, overBus.message);
  const byClient = await askClient(access);
  const facts = [...update.facts, { name: 'Not over the bus', value: overBus.message, source: updateBus.name }];
  if ('operation' in byClient) return { ...withStatus({ ...update, facts }, byClient), how: 'client' };
  const silent: HostUpdate = { ...notRunning(update, sections), agentState: 'unreadable', facts };
  const phaseText = silent.phase === 'staged' ? silent.phaseText : 'The agent runs but says nothing to the login user.';
  return { ...silent, phaseText, problem: { ...overBus, host: access.host } };
}

async function askBus(access: HostAccess): Promise<EngineStatus> {
  const bus = await access.bus();
  const daemon = 'org.freedesktop.DBus';
  // Asking an agent that is not there would have the bus start it.
  const [isThere] = await bus.call(daemon, '/org/freedesktop/DBus', daemon, 'NameHasOwner', 's', [updateBus.name]);
  if (isThere !== true) throw fail('not-found', 'update_engine is not on the bus', { host: access.host });
  const body = await bus.call(updateBus.name, updateBus.path, updateBus.interface, 'GetStatus', '', [], 10_000);
  const status = statusOfBus(body);
  if (!status) throw fail('protocol', 'update_engine gave an answer that is none', { host: access.host });
  return status;
}

async function askClient(access: HostAccess): Promise<EngineStatus | Problem> {
  const sections = await runScript(access, 'update-engine', ['plain', 'client']);
  return (
    statusOfClient(sections.lines('client')) ?? {
      code: 'protocol',
      message: 'update_engine_client printed no status',
      host: access.host,
    }
  );
}

/** What files alone tell. */
function notRunning(update: HostUpdate, sections: ScriptSections): HostUpdate {
  const words = { stopped: 'is stopped', masked: 'is masked', missing: 'is not there' };
  const why = update.agentState in words ? words[update.agentState as keyof typeof words] : 'cannot be read';
  const isStaged = sections.value('state', 'completed') === 'yes';
  const noUpdate = sections.value('state', 'noupdate') === 'yes';
  const text = noUpdate
    ? 'This image is not updated in place (/usr/.noupdate).'
    : `update-engine.service ${why}: nothing is checked or downloaded.`;
  return {
    ...update,
    phase: isStaged ? 'staged' : noUpdate || update.agentState === 'masked' ? 'disabled' : update.phase,
    phaseText: isStaged ? `An update is in the other slot and waits for a reboot; ${text}` : text,
    rebootNeeded: isStaged,
  };
}

function withSlots(update: HostUpdate, sections: ScriptSections, files: readonly UpdateConf[]): HostUpdate {
  const isStaged = update.phase === 'staged';
  const pref = (name: string) => {
    const value = sections.value('slots', name);
    return /^\d{1,6}(\.\d{1,6}){1,3}$/.test(value) ? value : null;
  };
  const previous = pref('previous-version');
  // The pref is written with an update; a host that never had one names the version it runs.
  const other = isStaged ? update.offered : previous === update.running ? null : previous;
  const slots = readSlots(sections.lines('slots'), { running: update.running, other, staged: isStaged });
  const aleph = pref('aleph-version');
  const source = '/var/lib/update_engine/prefs';
  const facts = aleph === null ? update.facts : [...update.facts, { name: 'Installed as', value: aleph, source }];
  const whole = { ...update, slots, facts };
  return withHolds({ ...whole, heldBy: heldBy(whole, lookUpConf(files, 'SERVER')) }, sections);
}
