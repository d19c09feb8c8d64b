import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CallInput, CallName, CallOutput } from '#shared/contract/calls.ts';
import { type Problem, toProblem } from '#shared/contract/problem.ts';
import { useConsole } from './console.ts';

/** How a query stands: what it answered last stays while it is asked again. */
export interface Asked<T> {
  readonly output: T | null;
  readonly problem: Problem | null;
  readonly waiting: boolean;
  readonly again: () => void;
}

/** Asks a query while the component lives, whenever `input` changes in value, and after a lost line; null asks nothing. */
export function useQuery<N extends CallName>(name: N, input: CallInput<N> | null): Asked<CallOutput<N>> {
  const { link } = useConsole();
  const [state, setState] = useState<Omit<Asked<CallOutput<N>>, 'again'>>({
    output: null,
    problem: null,
    waiting: true,
  });
  const [round, setRound] = useState(0);
  const open = useStore(link.status, (status) => status.state === 'open');
  const key = JSON.stringify(input);
  const lastKey = useRef(key);
  const asking = `${round} ${key}`;
  useEffect(() => {
    const key = asking.slice(asking.indexOf(' ') + 1);
    if (key === 'null' || !open) return undefined;
    const stop = new AbortController();
    const same = lastKey.current === key;
    lastKey.current = key;
    setState((before) => ({ output: same ? before.output : null, problem: null, waiting: true }));
    link.call(name, JSON.parse(key) as CallInput<N>, stop.signal).then(
      (output) => {
        if (!stop.signal.aborted) setState({ output, problem: null, waiting: false });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setState((before) => ({ ...before, problem: toProblem(error), waiting: false }));
      },
    );
    return () => stop.abort();
  }, [link, name, asking, open]);
  const again = useCallback(() => setRound((round) => round + 1), []);
  return { ...state, again };
}

/** One call made by a person: run it, see that it is under way, what went wrong, and cancel it. */
export interface Doing<N extends CallName> {
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** Resolves to null when it failed; the problem is then in `problem`. */
  readonly run: (input: CallInput<N>) => Promise<CallOutput<N> | null>;
  readonly cancel: () => void;
  readonly forget: () => void;
}

/** A call that a button makes; it goes on when the component goes, but nothing is shown of it then. */
export function useDo<N extends CallName>(name: N): Doing<N> {
  const { link } = useConsole();
  const [state, setState] = useState<{ busy: boolean; problem: Problem | null }>({ busy: false, problem: null });
  const stop = useRef<AbortController | null>(null);
  const run = useCallback(
    async (input: CallInput<N>) => {
      const mine = new AbortController();
      stop.current = mine;
      setState({ busy: true, problem: null });
      try {
        const output = await link.call(name, input, mine.signal);
        setState({ busy: false, problem: null });
        return output;
      } catch (error) {
        const problem = toProblem(error);
        setState({ busy: false, problem: problem.code === 'cancelled' ? null : problem });
        return null;
      }
    },
    [link, name],
  );
  const cancel = useCallback(() => stop.current?.abort(), []);
  const forget = useCallback(() => setState({ busy: false, problem: null }), []);
  return { ...state, run, cancel, forget };
}
