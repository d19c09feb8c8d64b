import { useEffect, useState } from 'react';
import type { Problem } from '#shared/contract/problem.ts';
import { useConsole } from '../../state/console.ts';
import { type History, noHistory, withItem } from './history.ts';

/** The last hour of a host, growing as it is sampled. */
export function useHistory(host: string): { readonly history: History; readonly problem: Problem | null } {
  const { link } = useConsole();
  const [history, setHistory] = useState<History>(noHistory);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(
    () =>
      link.follow(
        { kind: 'history', host },
        {
          onStart: () => setHistory(noHistory),
          onItem: (item) => setHistory((held) => withItem(held, item)),
          onEnd: setProblem,
        },
      ),
    [link, host],
  );
  return { history, problem };
}
