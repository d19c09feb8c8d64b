import { useEffect, useMemo, useState } from 'react';
import { useConsole } from './console.ts';
import { deriveFleet, type FleetList, isUrgent } from './fleet-list.ts';
import type { FleetQuery } from './routes.ts';

const calmMs = 1000;
const urgentMs = 200;

/**
 * The fleet as listed now. New figures move rows at most once a second; new hosts and changed health show within 200 ms.
 * What the cells show is not delayed by this.
 */
export function useFleetList(query: FleetQuery, folded: ReadonlySet<string>): FleetList {
  const { replica, clock } = useConsole();
  const [held, setHeld] = useState(() => ({ hosts: replica.store.getState().records.host, at: clock.now() }));
  useEffect(() => {
    let at = performance.now();
    let used = replica.store.getState().records.host;
    let timer: { handle: ReturnType<typeof setTimeout>; due: number } | null = null;
    const take = () => {
      timer = null;
      at = performance.now();
      used = replica.store.getState().records.host;
      setHeld({ hosts: used, at: clock.now() });
    };
    const takeBy = (due: number) => {
      if (timer && timer.due <= due) return;
      if (timer) clearTimeout(timer.handle);
      timer = { handle: setTimeout(take, Math.max(0, due - performance.now())), due };
    };
    // Between the first drawing and now the replica may have moved on.
    takeBy(at);
    const stop = replica.store.subscribe((state) => {
      if (state.records.host === used) return;
      takeBy(at + (isUrgent(used, state.records.host) ? urgentMs : calmMs));
    });
    return () => {
      stop();
      if (timer) clearTimeout(timer.handle);
    };
  }, [replica, clock]);
  const { filter, groupBy, sort } = query;
  return useMemo(
    () =>
      deriveFleet(
        held.hosts,
        { filter, groupBy, sort: { column: sort.column, descending: sort.descending } },
        folded,
        held.at,
      ),
    [held, filter, groupBy, sort.column, sort.descending, folded],
  );
}
