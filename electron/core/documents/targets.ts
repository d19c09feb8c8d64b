import type { Problem } from '#shared/contract/problem.ts';
import { compileFilter, type HostPredicate } from '#shared/lib/filter/compile-filter.ts';
import { parseFilter } from '#shared/lib/filter/parse-filter.ts';

/** Which hosts a document is for. */
export interface Targets {
  readonly fits: HostPredicate;
  readonly problems: readonly Problem[];
  /** It asks for figures, which change all the time. */
  readonly byFigures: boolean;
}

/** Reads a document's targets; a text that is no filter fits no host, and says why. */
export function readTargets(name: string, text: string): Targets {
  const { terms, errors } = parseFilter(text);
  const problems = errors.map(
    ({ message, hint, from }): Problem => ({
      code: 'invalid-input',
      message,
      hint,
      place: { file: `${name} (targets)`, line: 1, column: from + 1 },
    }),
  );
  const byFigures = terms.some(({ condition }) => condition.kind === 'number');
  return { fits: problems.length > 0 ? () => false : compileFilter(terms), problems, byFigures };
}
