import type { ClusterPresence } from '#shared/contract/presence.ts';
import { count, some } from './amounts.ts';

/** Who else has the cluster open, for the status bar; `windows` are those of this console, the own one included. */
export function presenceWords({ kind, others, behind }: ClusterPresence, windows: number): string {
  const mine = windows > 1 ? ` · ${count(windows, 'window')} here` : '';
  if (kind === 'local') return `Only this console is known${mine}`;
  if (behind) return `Who else is here is not known${mine}`;
  if (others.length === 0) return `Nobody else is here${mine}`;
  return `With ${some([...new Set(others.map(({ person }) => person))], 2)}${mine}`;
}

/** What is to be said of how far this list can be believed, in sentences. */
export function presenceRemarks({ kind, behind, unseen }: ClusterPresence): string[] {
  if (kind === 'local') return ['The cluster has no etcd, and consoles know of each other only through it.'];
  return [
    ...(behind ? [`Who else is here is as it was last known: ${behind.message}.`] : []),
    ...(unseen ? [`Others do not see this console: ${unseen.message}.`] : []),
  ];
}
