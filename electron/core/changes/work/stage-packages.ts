import type { HostUpdate, UpdateAgentName } from '#shared/contract/update.ts';
import type { HostChange } from '#shared/contract/change.ts';
import type { RebootObstacle } from '#shared/contract/reboot.ts';
import type { HostWork } from '#shared/contract/work.ts';
import type { Staged } from './stage.ts';
import { notTold, showDownload, tellAgent } from './tell-agent.ts';
import type { WorkHost } from './work-host.ts';

/** The word in a host's evidence for packages that this change is about to put in place there. */
const installsStep = 'installs';

const lookEveryMs = 1000;
type Pending = NonNullable<HostUpdate['pending']>;

/**
 * Has the packages that wait, or of them the security updates, looked for and installed: they are in place at once, and only
 * where one of them asks for it the host boots. As that counts as going down, it waits for the window of the policy. What was installed by this change before somebody took it over is looked at like what is installed now.
 */
export async function stagePackages(
  host: WorkHost,
  { agent, only }: Extract<HostWork, { kind: 'update' }>,
): Promise<Staged> {
  const { tools, policy } = host;
  if (!(await windowOpened(host))) return host.letGo();
  const until = tools.around.now() + policy.updateTimeoutS * 1000;
  await host.phase('checking');
  const before = await whenFree(host, agent, until);
  if ('state' in before) return before;
  if (!tools.mayGoOn()) return host.letGo();
  const checked = await tellAgent(host, agent, { kind: 'check' }, until);
  if (checked.went === 'not') return notTold(host, checked.problem);
  let update = await whenFree(host, agent, until);
  if ('state' in update) return update;
  if (!update.pending) return host.end('invalid', `which packages wait could not be read: ${update.phaseText}`);
  const waits = ({ total, security }: Pending) => (only === 'security' ? security : total);
  if (waits(update.pending) > 0) {
    if (!tools.mayGoOn()) return host.letGo();
    const waited = update.pending;
    // Before it is done: whoever takes over is not to think that nothing was.
    host.note(installsStep, `${only === 'security' ? 'the security updates of ' : ''}${waited.names.join(', ')}`);
    await host.phase('downloading');
    const told = await tellAgent(host, agent, { kind: 'download', ...(only ? { only } : {}) }, until);
    if (told.went === 'not') return notTold(host, told.problem);
    update = await whenFree(host, agent, until);
    if ('state' in update) return update;
    const left = update.pending?.names.join(', ') ?? '';
    if (update.pending && waits(update.pending) >= waits(waited))
      return host.end('invalid', `${agent} installed none of what waits: ${left}`);
    if (update.pending && waits(update.pending) > 0) host.note('still waits', `${agent} left out ${left}`);
  } else if (!update.rebootNeeded && !hasInstalled(host)) {
    return host.end('unchanged', 'no package waits');
  }
  await host.phase('staged', { from: update.running });
  if (!update.rebootNeeded) host.note('not rebooted', 'no package that was installed asks for a reboot');
  return update.rebootNeeded ? 'go-down' : 'stay-up';
}

/** Whether this change installed packages on the host, or began to, under whichever console. */
export function hasInstalled({ now }: WorkHost): boolean {
  return now.evidence.some(({ step }) => step === installsStep);
}

/** What the agent says once nobody installs anything there; how the host ended where that does not come. */
async function whenFree(host: WorkHost, agent: UpdateAgentName, until: number): Promise<HostUpdate | HostChange> {
  const { tools, policy } = host;
  for (;;) {
    const update = await host.update();
    if (update && update.agent !== agent)
      return host.end('stale', `its update agent is ${update.agent}, no longer ${agent}`);
    if (update && update.phase !== 'finalizing') return update;
    if (tools.around.now() > until) {
      const text = `not installed within ${policy.updateTimeoutS} s: ${update?.phaseText ?? 'it cannot be reached'}`;
      return host.end(update ? 'invalid' : 'unreachable', text);
    }
    if (update) await showDownload(host, update);
    await tools.sleep(lookEveryMs);
  }
}

/** Waits for the window of the policy, however long; false when it is to wait for its turn again. */
async function windowOpened(host: WorkHost): Promise<boolean> {
  const { tools } = host;
  for (;;) {
    if (!tools.mayGoOn()) return false;
    const shut = await shutWindow(host);
    if (!shut) return true;
    await host.phase('waiting', { waitsFor: shut.by }, shut.text);
    await tools.nap(lookEveryMs);
  }
}

async function shutWindow({ tools, policy, name }: WorkHost): Promise<RebootObstacle | null> {
  if (policy.windows === null) return null;
  const found = await tools.reboots.obstacles({ host: name, policy: { ...policy, rate: null }, now: true });
  return found.find(({ by }) => by === 'window') ?? null;
}
