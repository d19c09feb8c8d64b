import type { HostChange } from '#shared/contract/change.ts';
import { toProblem } from '#shared/contract/problem.ts';
import type { RebootObstacle } from '#shared/contract/reboot.ts';
import { type Asked, inPlace, stageStep } from './stage-step.ts';
import type { WorkHost } from './work-host.ts';

const lookEveryMs = 1000;
/** Steps of a download that are written down: a journal is no progress bar. */
const steps = 10;

/** Has the update checked, downloaded and staged. Resolves with how it ended when it came to nothing, null once it is staged. */
export async function stage(host: WorkHost): Promise<HostChange | null> {
  const { job, tools, policy } = host;
  if (job.kind !== 'update') return null;
  const { around } = tools;
  let until = around.now() + policy.updateTimeoutS * 1000;
  let asked = null as Asked | null;
  const order = { kind: 'download', ...(job.only ? { only: job.only } : {}) } as const;
  await host.phase('checking');
  for (;;) {
    const now = around.now();
    const update = await host.update();
    const step = update && stageStep(job, update, asked, now);
    if (step?.next === 'end') return host.end(step.state, step.text);
    if (step?.next === 'staged') {
      await host.phase('staged', { from: update?.running ?? host.work.from, to: step.version });
      return null;
    }
    if (now > until) {
      const text = `not staged within ${policy.updateTimeoutS} s: ${update?.phaseText ?? 'it cannot be reached'}`;
      return host.end(update ? 'invalid' : 'unreachable', text);
    }
    if (!tools.mayGoOn()) return host.letGo();
    const shut = step?.next === 'ask' && inPlace.has(job.agent) ? await shutWindow(host) : null;
    if (shut) {
      // What is installed at once counts as going down: it waits as that would, however long.
      until = around.now() + policy.updateTimeoutS * 1000;
      await host.phase('waiting', { waitsFor: shut.by }, shut.text);
    } else if (step?.next === 'ask') {
      try {
        host.note('asked', await tools.acts.runAct(host.name, job.agent, order, tools.password()));
      } catch (error) {
        const problem = toProblem(error);
        if (problem.code === 'internal') throw error;
        return host.end(problem.code === 'unreachable' ? 'unreachable' : 'invalid', problem.message);
      }
      asked = { at: now, wasBusy: false };
    } else if (step?.next === 'wait') {
      // An agent that was at work before is watched like one that was told to be.
      asked = { at: asked?.at ?? now, wasBusy: update?.phase !== 'idle' || (asked?.wasBusy ?? false) };
      const progress = update?.progress ?? null;
      const rough = progress === null ? null : Math.floor(progress * steps) / steps;
      await host.phase(step.phase, { progress: rough, to: host.work.to ?? update?.offered ?? null });
    }
    await tools.nap(lookEveryMs);
  }
}

async function shutWindow({ tools, policy, name }: WorkHost): Promise<RebootObstacle | null> {
  if (policy.windows === null) return null;
  const found = await tools.reboots.obstacles({ host: name, policy: { ...policy, rate: null }, now: true });
  return found.find(({ by }) => by === 'window') ?? null;
}
