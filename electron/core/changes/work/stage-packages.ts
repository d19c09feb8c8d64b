import type { HostUpdate, UpdateAgentName } from '#shared/contract/update.ts';
import type { HostChange } from '#shared/contract/change.ts';
import type { Staged } from './stage.ts';
import { notTold, showDownload, tellAgent } from './tell-agent.ts';
import type { WorkHost } from './work-host.ts';

/** The word in a host's evidence for packages that this change is about to put in place there. */
const installsStep = 'installs';

const lookEveryMs = 1000;

/**
 * Has the packages that wait looked for and installed: they are in place at once, and only where one of them asks for it the
 * host boots. What was installed by this change before somebody took it over is looked at like what is installed now.
 */
export async function stagePackages(host: WorkHost, agent: UpdateAgentName): Promise<Staged> {
  const { tools, policy } = host;
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
  if (update.pending.total > 0) {
    if (!tools.mayGoOn()) return host.letGo();
    const waited = update.pending;
    // Before it is done: whoever takes over is not to think that nothing was.
    host.note(installsStep, waited.names.join(', '));
    await host.phase('downloading');
    const told = await tellAgent(host, agent, { kind: 'download' }, until);
    if (told.went === 'not') return notTold(host, told.problem);
    update = await whenFree(host, agent, until);
    if ('state' in update) return update;
    const left = update.pending?.names.join(', ') ?? '';
    if (update.pending && update.pending.total >= waited.total)
      return host.end('invalid', `${agent} installed none of what waits: ${left}`);
    if (left !== '') host.note('still waits', `${agent} left out ${left}`);
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
