import type { HostChange } from '#shared/contract/change.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { UpdateAgentName } from '#shared/contract/update.ts';
import { installsPackages, noSystemBefore } from '#shared/lib/update/agent-names.ts';
import { hasInstalled } from './stage-packages.ts';
import { readWhenUp } from './after-boot.ts';
import { goDown } from './go-down.ts';
import type { WorkHost } from './work-host.ts';

/** The word in a host's evidence for why it is taken back. */
const whyStep = 'failed';

/** How the way back may end: put back after a failure, or by the verb. */
type Ends = { readonly good: 'restored' | 'undone' };

/** A host that is not well in its new system goes back to the old one where its policy says so, once. */
export async function afterFailure(host: WorkHost, why: string): Promise<HostChange> {
  const { job, work, policy } = host;
  host.note(whyStep, why);
  if (job.kind !== 'update') return host.end('not-restored', `${why}; nothing puts that back by itself`);
  if (installsPackages(job.agent))
    return host.end('not-restored', `${why}; ${noSystemBefore(job.agent)}: its packages stay as they are`);
  const update = await host.update();
  if (update && update.running === work.from && work.from !== '') {
    // Its boot loader did not take the new system a second time.
    await holdBad(host, work.to);
    return host.end('restored', `${why}: it went back to ${work.from} by itself`);
  }
  if (!policy.rollBackOnFailure) return host.end('not-restored', `${why}; it is left so, as the policy says`);
  if (work.rolledBack) return host.end('not-restored', `${why}; it was rolled back once already, and is not again`);
  await host.phase('rolling-back', { rolledBack: true, bootBefore: null }, why);
  return takeBack(host, { good: 'restored' });
}

/** Boots the system before: the new one is held, so that it does not come back by itself. */
export async function takeBack(host: WorkHost, { good }: Ends): Promise<HostChange> {
  const { job } = host;
  if (job.kind === 'reboot') return host.end(good, 'a reboot has no way back');
  const why = host.now.evidence.findLast(({ step }) => step === whyStep)?.text ?? '';
  const failed = (text: string) =>
    host.end('not-restored', [good === 'restored' ? why : '', `NOT put back: ${text}`].filter((one) => one).join('; '));
  const { agent } = job;
  const went = await goDown(host, {
    back: true,
    prepare: async () => {
      if (job.kind === 'update') await holdBad(host, host.work.to);
      return prepareBack(host, agent, host.work.to);
    },
  });
  if (went.came === null) return went.why === 'away' ? gone(host, why, went.text) : failed(went.text);
  await host.phase('rolling-back', { bootAfter: went.came });
  const update = await readWhenUp(host);
  if (!update) return failed('it booted, and its update agent cannot be asked');
  host.note('boots', `${update.running}, boot ${went.came}`);
  const { from, to } = host.work;
  if (from !== '' ? update.running !== from : update.running === to) return failed(`it runs ${update.running}`);
  return host.end(good, good === 'restored' ? `${why}; it boots ${update.running} again` : '');
}

/** Packages stay: a host on which some were installed says so, and one on which none were is as it was. */
export function leavePackages(host: WorkHost, agent: UpdateAgentName, { good }: Ends): Promise<HostChange> {
  if (!hasInstalled(host)) return host.end(good, 'no package was installed');
  const why = good === 'restored' ? `${host.now.text}; ` : '';
  return host.end('not-restored', `${why}NOT put back: ${noSystemBefore(agent)}, its packages stay as they are`);
}

/** The system before `leaves` is the next boot's; where that was done already, by whomever, nothing is told again. */
export async function prepareBack(host: WorkHost, agent: UpdateAgentName, leaves: string | null): Promise<string> {
  const { tools, name } = host;
  const update = await host.update();
  if (!update) throw fail('unreachable', 'its update agent cannot be asked', { host: name });
  if (leaves !== null && update.running !== leaves)
    throw fail('stale', `it runs ${update.running}, not ${leaves}`, { host: name });
  // Told twice it would be refused, or lead forth again.
  if (update.slots.some(({ next, booted, staged }) => next && !booted && !staged)) return '';
  return tools.acts.prepareRollBack(name, agent, leaves, tools.password());
}

function gone(host: WorkHost, why: string, text: string): Promise<HostChange> {
  return host.end('unreachable', [why, `on its way back ${text}`].filter((one) => one !== '').join('; '));
}

async function holdBad(host: WorkHost, version: string | null): Promise<void> {
  const { tools, job } = host;
  if (job.kind === 'reboot' || version === null) return;
  const held = `held ${version}`;
  if (host.now.evidence.some(({ step }) => step === held)) return;
  try {
    host.note(held, await tools.acts.runAct(host.name, job.agent, { kind: 'hold', version }, tools.password()));
  } catch (error) {
    const { code, message } = toProblem(error);
    if (code === 'internal') throw error;
    host.note('not held', message);
  }
}
