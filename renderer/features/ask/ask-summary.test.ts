import { describe, expect, it } from 'vitest';
import type { AskGroup, AskProgress } from '#shared/contract/ask.ts';
import { summarize, summaryWords } from './ask-summary.ts';

const group = (id: string, count: number, state: AskGroup['state'] = 'answered'): AskGroup => ({
  id,
  state,
  exitCode: 0,
  signal: '',
  hosts: Array.from({ length: count }, (_, index) => `${id}${index}`),
  excerpt: '',
  bytes: 0,
  truncated: false,
  durationMs: { min: 1, max: 2 },
});
const progress = (groups: AskGroup[], more: Partial<AskProgress> = {}): AskProgress => ({
  state: 'running',
  finishedAt: null,
  waiting: 0,
  running: 0,
  answered: 0,
  silent: 0,
  groups,
  ...more,
});

describe('summarize', () => {
  it('counts answers like most, other answers, and no answers', () => {
    const summary = summarize(progress([group('b', 3), group('a', 46), group('s', 1, 'silent')]));
    expect(summaryWords(summary)).toBe('46 same · 3 differ · 1 silent');
    expect(summary.baseline?.id).toBe('a');
  });

  it('keeps the first of equally large groups and counts who is still to answer', () => {
    const summary = summarize(progress([group('a', 2), group('b', 2)], { waiting: 1, running: 4 }));
    expect(summary.baseline?.id).toBe('a');
    expect(summaryWords(summary)).toBe('2 same · 2 differ · 5 waiting');
  });

  it('says so when nobody answered', () => {
    expect(summaryWords(summarize(progress([])))).toBe('no answers');
    expect(summaryWords(summarize(progress([group('l', 2, 'lost'), group('r', 1, 'refused')])))).toBe('3 not reached');
    expect(summaryWords(summarize(progress([group('c', 2, 'cancelled')])))).toBe('2 cancelled');
  });
});
