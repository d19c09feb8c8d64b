import { fail } from '#shared/contract/problem.ts';
import type { StoreStep } from './journal-store.ts';

const mostSteps = 100;
const mostBytes = 1024 * 1024;

/** Throws `invalid-input` for a commit that no store takes: too large, or one that puts a key twice. */
export function checkCommit(steps: readonly StoreStep[]): void {
  if (steps.length > mostSteps)
    throw fail('invalid-input', `a commit of ${steps.length} steps; ${mostSteps} is the most`);
  const put = new Set<string>();
  const deleted = new Set<string>();
  let bytes = 0;
  for (const step of steps) {
    if ('delete' in step) deleted.add(step.delete);
    if (!('put' in step)) continue;
    if (put.has(step.put)) throw fail('invalid-input', `${step.put} is put twice in one commit`);
    put.add(step.put);
    bytes += Buffer.byteLength(step.put) + Buffer.byteLength(step.value);
  }
  for (const key of put)
    if (deleted.has(key)) throw fail('invalid-input', `${key} is both put and deleted in one commit`);
  if (bytes > mostBytes) throw fail('invalid-input', `a commit of ${bytes} bytes; ${mostBytes} is the most`);
}
