import { useStore } from 'zustand';
import { useShallow } from 'zustand/shallow';
import type { LinkState } from '#shared/contract/host.ts';
import type { RecordOf } from '#shared/contract/records.ts';
import { useConsole } from './console.ts';
import { countHealth, type HealthCounts } from './fleet-list.ts';

/** How many links are in each state. */
export type LinkCounts = Readonly<Partial<Record<LinkState, number>>>;

/** How many hosts of the open cluster are in each health state; renders only when a count changes. */
export function useHealthCounts(): HealthCounts {
  const { replica } = useConsole();
  return useStore(
    replica.store,
    useShallow(({ records }) => countHealth(records.host)),
  );
}

/** How many links of the open cluster are in each state; renders only when a count changes. */
export function useLinkCounts(): LinkCounts {
  const { replica } = useConsole();
  return useStore(
    replica.store,
    useShallow(({ records }) => countLinks(records.host.values())),
  );
}

function countLinks(hosts: Iterable<RecordOf<'host'>>): LinkCounts {
  const counts: Partial<Record<LinkState, number>> = {};
  for (const { link } of hosts) {
    const state = link?.state ?? 'idle';
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}
