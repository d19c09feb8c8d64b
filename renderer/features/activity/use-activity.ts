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

/** The log filtered by text and cluster (null: of all); what is added to it is read as it comes. */
export function useActivity(text: string, cluster: string | null): Activity {
  const { link, replica } = useConsole();
  const [held, setHeld] = useState<{ readonly of: string; readonly page: Page } | null>(null);
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
        const next = await link.call('activity.list', { ...wanted(text, cluster), before, limit: pageSize });
        if (mine !== round.current) return;
        const of = `${cluster} ${text}`;
        setHeld((held) => ({ of, page: held?.of === of ? joined(held.page, next, before) : next }));
        setProblem(null);
      } catch (error) {
        if (mine === round.current) setProblem(toProblem(error));
      }
      if (mine === round.current) setWaiting(false);
    },
    [link, text, cluster],
  );
  useEffect(() => {
    if (!open) return undefined;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const soon = () => {
      if (timer) clearTimeout(timer);
      timer = setTimeout(() => void read(null), settleMs);
    };
    soon();
    const stop = replica.onSection('app', '', 'activity', soon);
    return () => {
      stop();
      if (timer) clearTimeout(timer);
    };
  }, [read, open, replica]);
  const page = held?.page ?? null;
  const oldest = page?.entries.at(-1)?.seq ?? null;
  const more = useCallback(() => {
    if (oldest !== null) void read(oldest);
  }, [read, oldest]);
  return { page, problem, waiting, more };
}

/** The part of `activity.list` that says which entries. */
export function wanted(text: string, cluster: string | null): { text: string; cluster?: string } {
  return cluster === null ? { text } : { text, cluster };
}

/** What is held with what was read: older entries behind it, or (`before` null) newer ones in front, as far as they meet. */
export function joined(held: Page, next: Page, before: number | null): Page {
  if (before !== null) return { ...next, entries: [...held.entries, ...next.entries] };
  const newest = held.entries[0]?.seq;
  const at = next.entries.findIndex(({ seq }) => seq === newest);
  return at === -1 ? next : { ...next, entries: [...next.entries.slice(0, at), ...held.entries] };
}
