import type { HostChange, PlannedStep } from '../../contract/change.ts';
import type { RecordOf } from '../../contract/records.ts';

const updateConf = /^\/etc\/(?:flatcar|coreos)\/update\.conf$/;

/** Hosts of update_engine whose update.conf a change wrote, and that have asked no server since. */
export function toCheck(
  steps: readonly PlannedStep[],
  courses: readonly Pick<HostChange, 'host' | 'state' | 'endedAt'>[],
  hosts: ReadonlyMap<string, RecordOf<'host'>>,
): string[] {
  const written = new Set(
    steps.flatMap((step) => (step.files.some(({ path }) => updateConf.test(path)) ? step.hosts : [])),
  );
  return courses.flatMap(({ host, state, endedAt }) => {
    const update = hosts.get(host)?.update;
    if (state !== 'done' || endedAt === null || !written.has(host) || update?.agent !== 'update-engine') return [];
    return (update.lastCheckAt ?? 0) < endedAt ? [host] : [];
  });
}
