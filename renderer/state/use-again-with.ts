import { useEffect, useRef } from 'react';
import type { Asked } from './calls.ts';

/** Asks a query again when something it hangs on was read anew, once what was asked before has been answered. */
export function useAgainWith(
  readAt: number | null,
  { waiting, again }: Pick<Asked<unknown>, 'waiting' | 'again'>,
): void {
  const askedWith = useRef(readAt);
  useEffect(() => {
    if (waiting || readAt === null || readAt === askedWith.current) return;
    askedWith.current = readAt;
    again();
  }, [readAt, waiting, again]);
}
