import type { Problem } from '#shared/contract/problem.ts';

/** A key as it stood at some revision; `created` is the revision at which it came to be, `modified` the last one. */
export interface StoredEntry {
  readonly key: string;
  readonly value: string;
  readonly created: number;
  readonly modified: number;
}

/** Entries that are asked for by their key. */
export type EntriesByKey = Pick<ReadonlyMap<string, StoredEntry>, 'get'>;

/** What must hold for a commit: the key is missing, was created at that revision, or was last modified at it. */
export type StoreGuard = { readonly key: string } & (
  | { readonly is: 'absent' }
  | { readonly is: 'created'; readonly at: number }
  | { readonly is: 'modified'; readonly at: number }
);

/** One step of a commit; a key may be put only once in it. A key put without `lease` lives until it is deleted. */
export type StoreStep =
  | { readonly put: string; readonly value: string; readonly lease?: string }
  | { readonly delete: string }
  | { readonly deletePrefix: string };

/** What a watch tells: first everything that is there (`reset`), then each change; `gone` are deleted or expired keys. */
export interface StoreNews {
  readonly reset: boolean;
  readonly revision: number;
  readonly changed: readonly StoredEntry[];
  readonly gone: readonly string[];
}

/** Keys put with it vanish when it is given back, or when its holder has not renewed it in time; renewed by itself. */
export interface StoreLease {
  readonly id: string;
  readonly ttlSeconds: number;
  /** By performance.now(): it surely lives until then. */
  readonly aliveUntil: number;
  release(): Promise<void>;
}

/**
 * Where changes are written down: etcd, shared by all consoles of a cluster, or this console's own disk. Both keep the same
 * promises: a commit is one revision, revisions only grow, what was committed survives a crash of this program.
 * Everything rejects with ProblemError; after `lost` a commit may or may not have been made: read before going on.
 */
export interface JournalStore {
  readonly kind: 'etcd' | 'local';
  get(key: string): Promise<StoredEntry | null>;
  /** All keys that start with `prefix`, in order, as they stood at one revision. */
  list(prefix: string): Promise<{ readonly revision: number; readonly entries: readonly StoredEntry[] }>;
  /** Takes all steps when all guards hold, else none; at most 100 steps and 1 MiB. */
  commit(
    guards: readonly StoreGuard[],
    steps: readonly StoreStep[],
  ): Promise<{ readonly made: boolean; readonly revision: number }>;
  /** Follows a prefix until the returned function is called; `trouble` tells why it is behind, and null when it no longer is. */
  watch(prefix: string, news: (news: StoreNews) => void, trouble: (problem: Problem | null) => void): () => void;
  /** `onLost` is told once, before any other holder could be granted what was bound to it. */
  lease(ttlSeconds: number, onLost: (problem: Problem) => void): Promise<StoreLease>;
}
