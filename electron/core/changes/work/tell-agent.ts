import { type Problem, toProblem } from '#shared/contract/problem.ts';
import type { HostChange } from '#shared/contract/change.ts';
import type { HostUpdate, UpdateAgentName } from '#shared/contract/update.ts';
import type { WorkAct } from './work-acts.ts';
import type { WorkHost } from './work-host.ts';

/** How telling an agent went. `under-way`: the connection was lost amid it, and it goes on there. */
export type Told = { readonly went: 'done' | 'under-way' } | { readonly went: 'not'; readonly problem: Problem };

const lookEveryMs = 1000;
/** Steps of a download that are written down: a journal is no progress bar. */
const steps = 10;

/** Tells a host's agent something until a moment, and writes down meanwhile what it does: some answer only once all is done. */
export async function tellAgent(host: WorkHost, agent: UpdateAgentName, act: WorkAct, until: number): Promise<Told> {
  const { tools, name } = host;
  const telling = tools.acts.runAct(name, agent, act, tools.password()).then(
    (text) => ({ text, error: null }),
    (error: unknown) => ({ text: '', error }),
  );
  for (;;) {
    const over = await Promise.race([telling, tools.sleep(lookEveryMs)]);
    if (over) {
      if (over.error === null) {
        host.note(act.kind === 'check' ? 'checked' : 'asked', over.text);
        return { went: 'done' };
      }
      const problem = toProblem(over.error);
      if (problem.code === 'internal') throw over.error;
      if (problem.code !== 'lost') return { went: 'not', problem };
      host.note('asked', problem.message);
      return { went: 'under-way' };
    }
    if (tools.around.now() > until) {
      const message = `${act.kind === 'check' ? 'its check' : 'its download'} did not end within ${host.policy.updateTimeoutS} s`;
      return { went: 'not', problem: { code: 'timeout', message, host: name } };
    }
    const update = await host.update();
    if (update?.phase === 'downloading' || update?.phase === 'finalizing') await showDownload(host, update);
  }
}

/** Writes down how far a download is. */
export async function showDownload(host: WorkHost, { progress, offered }: HostUpdate): Promise<void> {
  const rough = progress === null ? null : Math.floor(progress * steps) / steps;
  await host.phase('downloading', { progress: rough, to: host.work.to ?? offered });
}

/** How a host ends whose agent did not do what it was told. */
export function notTold(host: WorkHost, { code, message }: Problem): Promise<HostChange> {
  return host.end(code === 'unreachable' ? 'unreachable' : 'invalid', message);
}
