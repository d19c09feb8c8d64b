import type { HostChange } from '#shared/contract/change.ts';
import { installsPackages } from '#shared/lib/update/agent-names.ts';
import { stagePackages } from './stage-packages.ts';
import { type Asked, stageStep } from './stage-step.ts';
import { notTold, showDownload, tellAgent } from './tell-agent.ts';
import type { WorkHost } from './work-host.ts';

/** What comes after what was staged: a boot, or none where what was put in place runs already; else how the host ended. */
export type Staged = 'go-down' | 'stay-up' | HostChange;

const lookEveryMs = 1000;

/** Has the update checked, downloaded and staged. */
export async function stage(host: WorkHost): Promise<Staged> {
  const { job, tools, policy } = host;
  if (job.kind !== 'update') return 'go-down';
  if (installsPackages(job.agent)) return stagePackages(host, job);
  const { around } = tools;
  const until = around.now() + policy.updateTimeoutS * 1000;
  let asked = null as Asked | null;
  await host.phase('checking');
  for (;;) {
    const now = around.now();
    const update = await host.update();
    const step = update && stageStep(job, update, asked, now);
    if (step?.next === 'end') return host.end(step.state, step.text);
    if (step?.next === 'staged') {
      await host.phase('staged', { from: update?.running ?? host.work.from, to: step.version });
      return 'go-down';
    }
    if (now > until) {
      const text = `not staged within ${policy.updateTimeoutS} s: ${update?.phaseText ?? 'it cannot be reached'}`;
      return host.end(update ? 'invalid' : 'unreachable', text);
    }
    if (!tools.mayGoOn()) return host.letGo();
    if (step?.next === 'ask') {
      const told = await tellAgent(host, job.agent, { kind: 'download' }, until);
      if (told.went === 'not') return notTold(host, told.problem);
      asked = { at: around.now(), wasBusy: told.went === 'under-way' };
    } else if (step?.next === 'wait') {
      // An agent that was at work before is watched like one that was told to be.
      asked = { at: asked?.at ?? now, wasBusy: update?.phase !== 'idle' || (asked?.wasBusy ?? false) };
      if (update && step.phase === 'downloading') await showDownload(host, update);
      else await host.phase(step.phase, { to: host.work.to ?? update?.offered ?? null });
    }
    await tools.nap(lookEveryMs);
  }
}
