import type { Problem } from '#shared/contract/problem.ts';
import { inOrder, problemAt } from './text-problem.ts';

/** How much a finding weighs: an `error` keeps the text from being used, a `warning` says that a part of it has no effect. */
export type FindingLevel = 'error' | 'warning' | 'info';

/** What a check says of a place in a text. */
export interface Finding {
  readonly level: FindingLevel;
  readonly problem: Problem;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** Findings as they are made, at most 200, so that a hostile text cannot flood the window. */
export class Findings {
  readonly #file: string;
  readonly #found: Finding[] = [];
  #left = 0;

  /** `file` is what the places of problems are said to be in. */
  constructor(file: string) {
    this.#file = file;
  }

  /** `host` where it is wrong for one host only. */
  error(place: Place, message: string, hint?: string, host?: string): void {
    const problem = problemAt(this.#file, place.line, place.column, message, hint);
    this.add('error', host === undefined ? problem : { ...problem, host });
  }

  warning(place: Place, message: string, hint?: string): void {
    this.add('warning', problemAt(this.#file, place.line, place.column, message, hint));
  }

  info(place: Place, message: string, hint?: string): void {
    this.add('info', problemAt(this.#file, place.line, place.column, message, hint));
  }

  add(level: FindingLevel, problem: Problem): void {
    if (this.#found.length < 200) this.#found.push({ level, problem });
    else this.#left++;
  }

  /** Whether more would not be listed. */
  get full(): boolean {
    return this.#found.length >= 200;
  }

  /** All in the order of their places. */
  list(): Finding[] {
    const levels = new Map(this.#found.map(({ level, problem }) => [problem, level]));
    const sorted = inOrder(this.#found.map(({ problem }) => problem)).map((problem) => ({
      level: levels.get(problem) ?? 'error',
      problem,
    }));
    if (this.#left > 0)
      sorted.push({
        level: 'info',
        problem: { code: 'invalid-input', message: `${this.#left} more findings are not listed` },
      });
    return sorted;
  }
}
