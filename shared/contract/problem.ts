import { z } from 'zod';

/** Every way something can go wrong, as a closed list: code is matched, text is only shown. */
export const problemCodes = [
  'invalid-input',
  'not-found',
  'refused',
  'unsupported',
  'timeout',
  'cancelled',
  'unreachable',
  'lost',
  'authentication',
  'host-key',
  'permission',
  'conflict',
  'stale',
  'busy',
  'protocol',
  'internal',
] as const;
export const problemCode = z.enum(problemCodes);
export type ProblemCode = z.infer<typeof problemCode>;

/** A place in a text file; line and column count from 1. */
export const textPlace = z.object({ file: z.string(), line: z.int(), column: z.int().optional() });
export type TextPlace = z.infer<typeof textPlace>;

/** What went wrong, on which host, where, and what a person can do about it. */
export const problem = z.object({
  code: problemCode,
  message: z.string(),
  host: z.string().optional(),
  hint: z.string().optional(),
  place: textPlace.optional(),
});
export type Problem = z.infer<typeof problem>;

/** An error that carries a Problem across the core; anything else thrown is a bug and becomes `internal`. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.message, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Makes a ProblemError; `more` adds host, hint or place. */
export function fail(code: ProblemCode, message: string, more: Omit<Problem, 'code' | 'message'> = {}): ProblemError {
  return new ProblemError({ code, message, ...more });
}

/** The Problem inside any thrown value; unknown errors become `internal` with their message. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof z.ZodError) {
    const first = error.issues[0];
    return {
      code: 'invalid-input',
      message: first ? `${first.path.join('.') || 'value'}: ${first.message}` : 'invalid value',
    };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
