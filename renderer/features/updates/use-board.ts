import { useEffect, useMemo, useState } from 'react';
import type { RecordOf } from '#shared/contract/records.ts';
import { useConsole } from '../../state/console.ts';
import { useSection } from '../../state/hooks.ts';
import { type Board, boardOf } from './board.ts';

const calmMs = 1000;

/** All hosts, renewed at most once a second: figures change all the time, and the board is made of them all. */
export function useCalmHosts(): ReadonlyMap<string, RecordOf<'host'>> {
  const { replica } = useConsole();
  const [hosts, setHosts] = useState(() => replica.store.getState().records.host);
  useEffect(() => {
    const timer = setInterval(() => setHosts(replica.store.getState().records.host), calmMs);
    return () => clearInterval(timer);
  }, [replica]);
  return hosts;
}

/** The board as it is now; null before the groups were read. */
export function useBoard(hosts: ReadonlyMap<string, RecordOf<'host'>>): Board | null {
  const told = useSection('cluster', '', 'updateGroups');
  return useMemo(() => (told ? boardOf(told, hosts) : null), [told, hosts]);
}
