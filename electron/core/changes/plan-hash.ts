import { createHash, randomBytes } from 'node:crypto';
import type { ChangePlan } from '#shared/contract/change.ts';

/** The id of a change planned now. */
export function newChangeId(now: number): string {
  return `${dayOf(now)}-${randomBytes(3).toString('hex')}`;
}

/** The day as ids hold it: 20261123, in UTC. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
}

/** SHA-256 of a text in UTF-8, in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The hash of everything a plan says: equal plans have equal hashes, whatever the order of their keys. */
export function planHash(plan: Omit<ChangePlan, 'hash'>): string {
  return sha256(canonical(plan));
}

/**
 * Whether a plan that was read from somewhere is still the one its hash was made of, and each text the one of its own. It is
 * looked at as it was written down: what a newer Quarterdeck adds when it reads an older plan is no part of its hash.
 */
export function isWhole(
  id: string,
  written: Readonly<Record<string, unknown>>,
  contents: Readonly<Record<string, string>>,
): boolean {
  const { hash, ...rest } = written;
  if (rest['id'] !== id || Object.entries(contents).some(([name, text]) => sha256(text) !== name)) return false;
  return sha256(canonical({ ...rest, contents })) === hash;
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
