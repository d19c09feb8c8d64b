import type { ArchivedChange, ChangeHistory } from '#shared/contract/change.ts';
import type { StoredChange } from './stored-change.ts';

const most = 50;

/** Who changed a file, when, on which hosts: of all changes that the journal holds, the newest first. */
export function historyOf(
  changes: readonly StoredChange[],
  archived: readonly ArchivedChange[],
  path: string,
): ChangeHistory {
  const one = (plan: ArchivedChange['plan'], endedAt: number | null, done: ReadonlySet<string>): ChangeHistory => {
    const left = plan.steps.flatMap((step) => {
      const after = step.files.find((file) => file.path === path)?.after;
      const hosts = after ? step.hosts.filter((host) => done.has(host)) : [];
      return hosts.length === 0 ? [] : [{ hash: after?.kind === 'file' ? after.hash : null, hosts }];
    });
    if (left.length === 0) return [];
    const hosts = left.flatMap((one) => one.hosts);
    return [{ id: plan.id, title: plan.title, by: plan.by, at: endedAt ?? plan.at, hosts, left }];
  };
  const doneOf = (hosts: Iterable<{ host: string; state: string }>) =>
    new Set([...hosts].filter(({ state }) => state === 'done').map(({ host }) => host));
  const found = [
    ...changes.flatMap(({ plan, progress, hosts }) => one(plan, progress.endedAt, doneOf(hosts.values()))),
    ...archived.flatMap(({ plan, endedAt, hosts }) => one(plan, endedAt, doneOf(hosts))),
  ];
  return found.toSorted((a, b) => b.at - a.at).slice(0, most);
}
