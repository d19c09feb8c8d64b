import { type Problem, ProblemError } from '../../contract/problem.ts';

/** What an edit of a form comes to: the whole text of the document, or why it cannot be written. */
export type Written = string | Problem;

/** The answer of an edit, with a Problem that it threw as its answer. */
export function written(edit: () => Written): Written {
  try {
    return edit();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
}
