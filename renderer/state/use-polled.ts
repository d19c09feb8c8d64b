import { useEffect } from 'react';
import type { CallInput, CallName } from '#shared/contract/calls.ts';
import { type Asked, useQuery } from './calls.ts';
import type { CallOutput } from '#shared/contract/calls.ts';

/** A query asked again so long after each answer, while somebody can see the window. */
export function usePolled<N extends CallName>(
  name: N,
  input: CallInput<N> | null,
  everyMs: number,
): Asked<CallOutput<N>> {
  const asked = useQuery(name, input);
  const { waiting, again } = asked;
  useEffect(() => {
    if (waiting) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') again();
    }, everyMs);
    return () => clearInterval(timer);
  }, [waiting, again, everyMs]);
  return asked;
}
