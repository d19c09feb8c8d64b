import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallOutput } from '#shared/contract/calls.ts';
import { type Problem, toProblem } from '#shared/contract/problem.ts';
import { useStore } from 'zustand';
import { useConsole } from '../../state/console.ts';

type Page = CallOutput<'activity.list'>;
const pageSize = 200;
const settleMs = 150;

/** The log as far as it has been read, newest first. */
export interface Activity {
  readonly page: Page | null;
  readonly problem: Problem | null;
  readonly waiting: boolean;
  /** Reads what is older. */
  readonly more: () => void;
}

/** The log filtered by text; read anew when something was done from here, since that is when it grows. */
export function useActivity(text: string): Activity {
  const { link, replica } = useConsole();
  const [page, setPage] = useState<Page | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [waiting, setWaiting] = useState(true);
  const open = useStore(link.status, (status) => status.state === 'open');
  const round = useRef(0);

  const read = useCallback(
    async (before: number | null) => {
      round.current += 1;
      const mine = round.current;
      setWaiting(true);
      try {
        const next = await link.call('activity.list', { text, before, limit: pageSize });
        if (mine !== round.current) return;
        setPage((held) => (before === null || !held ? next : { ...next, entries: [...held.entries, ...next.entries] }));
        setProblem(null);
      } catch (error) {
        if (mine === round.current) setProblem(toProblem(error));
      }
      if (mine === round.current) setWaiting(false);
    },
    [link, text],
  );
  useEffect(() => {
    if (!open) return undefined;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const soon = () => {
      if (timer) clearTimeout(timer);
      timer = setTimeout(() => void read(null), settleMs);
    };
    soon();
    const stop = replica.store.subscribe(({ records }, before) => {
      if (records.ask !== before.records.ask || records.action !== before.records.action) soon();
    });
    return () => {
      stop();
      if (timer) clearTimeout(timer);
    };
  }, [read, open, replica]);
  const oldest = page?.entries.at(-1)?.seq ?? null;
  const more = useCallback(() => {
    if (oldest !== null) void read(oldest);
  }, [read, oldest]);
  return { page, problem, waiting, more };
}
