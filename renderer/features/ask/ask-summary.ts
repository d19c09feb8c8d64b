import type { AskGroup, AskProgress } from '#shared/contract/ask.ts';

/** A run in numbers: hosts that answered like most, that answered otherwise, and that did not answer. */
export interface AskSummary {
  readonly same: number;
  readonly differ: number;
  /** No answer within the limit. */
  readonly silent: number;
  /** Never reached, or lost before the answer was whole. */
  readonly unreached: number;
  readonly cancelled: number;
  readonly waiting: number;
  /** The largest group of answers, which the others are compared with; null before the first answer. */
  readonly baseline: AskGroup | null;
}

/** Sums a run up. Of equally large groups the first stays the baseline, so that it does not flicker. */
export function summarize(progress: AskProgress): AskSummary {
  let baseline: AskGroup | null = null;
  let answered = 0;
  let silent = 0;
  let unreached = 0;
  let cancelled = 0;
  for (const group of progress.groups) {
    if (group.state === 'answered') {
      answered += group.hosts.length;
      if (!baseline || group.hosts.length > baseline.hosts.length) baseline = group;
    } else if (group.state === 'silent') silent += group.hosts.length;
    else if (group.state === 'cancelled') cancelled += group.hosts.length;
    else if (group.state === 'lost' || group.state === 'refused') unreached += group.hosts.length;
  }
  const same = baseline?.hosts.length ?? 0;
  return {
    same,
    differ: answered - same,
    silent,
    unreached,
    cancelled,
    waiting: progress.waiting + progress.running,
    baseline,
  };
}

/** The summary as words, `46 same · 3 differ · 1 silent`; parts that are zero are left out. */
export function summaryWords(summary: AskSummary): string {
  const parts = [
    [summary.same, 'same'],
    [summary.differ, 'differ'],
    [summary.silent, 'silent'],
    [summary.unreached, 'not reached'],
    [summary.cancelled, 'cancelled'],
    [summary.waiting, 'waiting'],
  ] as const;
  const some = parts.filter(([number]) => number > 0);
  return some.length === 0 ? 'no answers' : some.map(([number, word]) => `${number} ${word}`).join(' · ');
}
