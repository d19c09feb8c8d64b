import type { Scope } from '#core/lib/scope.ts';
import type { Problem } from '#shared/contract/problem.ts';
import type { LockKind } from '#shared/contract/reboot-lock.ts';
import type { ReadSemaphore, Semaphore } from './semaphore.ts';

/** One group's lock as it was read: its text, what that says, and the number that guards the next write. */
export interface KeptLock {
  readonly group: string;
  readonly key: string;
  readonly text: string;
  readonly revision: number;
  readonly read: ReadSemaphore;
}

/** What following tells: all locks anew, or why they cannot be read now. */
export interface LocksHeard {
  locks(locks: readonly KeptLock[]): void;
  problem(problem: Problem): void;
}

/** Where one program keeps its locks; writes are by comparison only, and in that program's own words. */
export interface LockStore {
  readonly kind: LockKind;
  /** All groups' locks, of now. */
  list(): Promise<KeptLock[]>;
  read(group: string): Promise<KeptLock | null>;
  /** Rejects with `conflict` when the lock is there by now. */
  create(group: string, first: Semaphore): Promise<KeptLock>;
  /** Rejects with `conflict` when the lock is no longer as `before` says; `lost` when it is not known. */
  swap(before: KeptLock, next: Semaphore): Promise<KeptLock>;
  /** The value that would be written. */
  readonly print: (semaphore: Semaphore) => string;
  /** Tells of every change until the scope ends; the function looks again now. */
  follow(scope: Scope, heard: LocksHeard): () => void;
}

/** The part of a key that stands for a group, as Go's url.QueryEscape writes it. */
export function escapeGroup(group: string): string {
  const escape = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(group)
    .replaceAll(/[!'()*]/g, escape)
    .replaceAll('%20', '+');
}

/** Null for what no escaping writes. */
export function readGroup(escaped: string): string | null {
  try {
    const group = decodeURIComponent(escaped.replaceAll('+', ' '));
    return escapeGroup(group) === escaped ? group : null;
  } catch {
    return null;
  }
}
