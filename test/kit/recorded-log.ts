import type { Log } from '#core/lib/log.ts';

/** A log that remembers, so that a test can fail on a warning or error it did not expect. */
export interface RecordedLog extends Log {
  /** Warnings and errors so far, one line each. */
  readonly surprises: string[];
}

/** Warnings and errors whose text fits one of `expected` are no surprises. */
export function recordedLog(expected: readonly RegExp[] = []): RecordedLog {
  const surprises: string[] = [];
  const record = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    const line = `${level} ${message} ${fields ? JSON.stringify(fields) : ''}`;
    if (!expected.some((pattern) => pattern.test(line))) surprises.push(line);
  };
  return { surprises, debug() {}, info() {}, warn: record('warn'), error: record('error') };
}
