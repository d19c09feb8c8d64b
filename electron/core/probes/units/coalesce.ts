import type { Scope } from '../../lib/scope.ts';

export interface CoalesceTimes {
  /** From the first change after a quiet time until it is told. */
  readonly firstMs: number;
  /** At least this much between two tellings. */
  readonly gapMs: number;
}

/** Answers a function to call at each change; `tell` then runs once for all of them: soon after quiet, rarer in a burst. */
export function coalesce(scope: Scope, times: CoalesceTimes, now: () => number, tell: () => void): () => void {
  let waiting = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (waiting || scope.ended) return;
    waiting = true;
    scope.after(Math.max(times.firstMs, toldAt + times.gapMs - now()), () => {
      waiting = false;
      toldAt = now();
      tell();
    });
  };
}
