import type { Problem } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';

/** The most characters a parser here takes unless it says otherwise; longer texts are refused before they are looked at. */
export const maxTextChars = 4_000_000;

/** An `invalid-input` problem at a place in a text; line and column count from 1. */
export function problemAt(file: string, line: number, column: number, message: string, hint?: string): Problem {
  const problem: Problem = { code: 'invalid-input', message, place: { file, line, column } };
  return hint === undefined ? problem : { ...problem, hint };
}

/** The problem of a text that is longer than `max`, or null when it is not. */
export function tooLong(file: string, text: string, max = maxTextChars): Problem | null {
  if (text.length <= max) return null;
  return problemAt(
    file,
    1,
    1,
    `the text is ${text.length} characters long; at most ${max} are read`,
    'Split it into several files.',
  );
}

/** Quotes a piece of foreign text for a message: one line of at most 60 characters, nothing in it that acts on a screen. */
export function shown(text: string): string {
  return `"${cleanLine(text.slice(0, 200), 60)}"`;
}

/** Problems in the order of their places; those without one come last. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const line = (problem: Problem): number => problem.place?.line ?? Number.MAX_SAFE_INTEGER;
  return problems.toSorted((a, b) => line(a) - line(b) || (a.place?.column ?? 0) - (b.place?.column ?? 0));
}

/** Keeps at most `limit` problems and says how many more there were, so that a hostile file cannot flood the window. */
export function boundedProblems(problems: readonly Problem[], limit = 200): Problem[] {
  if (problems.length <= limit) return [...problems];
  return [
    ...problems.slice(0, limit),
    { code: 'invalid-input', message: `${problems.length - limit} more problems are not listed` },
  ];
}
