import { TestRunner } from 'vitest';

/**
 * Skips the running test unless `condition` holds; `reason` is printed by `npm test`, which fails on skips without one.
 * Call it inside a test or in `beforeEach`.
 */
export function skipUnless(condition: unknown, reason: string): void {
  if (condition) return;
  const test = TestRunner.getCurrentTest();
  if (!test) throw new Error(`skipUnless was called outside a test: ${reason}`);
  test.context.skip(reason);
}
