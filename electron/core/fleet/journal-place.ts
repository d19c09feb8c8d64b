import { type Problem, toProblem } from '#shared/contract/problem.ts';
import { etcdJournalStore } from '../changes/etcd-journal-store.ts';
import type { JournalStore } from '../changes/journal-store.ts';
import { openLocalJournalStore } from '../changes/local-journal-store.ts';
import type { EtcdConnection } from '../etcd/connect-etcd.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';

/** Below it lies everything that Quarterdeck keeps in a cluster's etcd. */
export const etcdRoot = '/quarterdeck/v1/';

export interface JournalPlaceOptions {
  readonly scope: Scope;
  readonly log: Log;
  readonly now: () => number;
  /** Where it is kept when the cluster has no etcd. */
  readonly file: string;
  /** Which store is used from now on, until `scope` ends; null with the reason while there is none to be had. */
  readonly use: (store: JournalStore | null, problem: Problem | null) => void;
  /** What consoles share: the cluster's etcd, until `scope` ends, or null. */
  readonly share: (store: JournalStore | null, scope: Scope) => void;
}

/** Where a cluster's journal is kept: in its etcd, else on this console's disk. */
export class JournalPlace {
  readonly #options: JournalPlaceOptions;
  #journal: Scope | null = null;

  constructor(options: JournalPlaceOptions) {
    this.#options = options;
  }

  etcd(etcd: EtcdConnection | null): void {
    const { scope, log, now, file, use, share } = this.#options;
    const before = this.#journal;
    const mine = scope.child('journal of changes');
    this.#journal = mine;
    before?.end().catch((error: unknown) => log.warn('a journal did not close cleanly', { error: String(error) }));
    const shared = etcd && etcdJournalStore(etcd, etcdRoot);
    share(shared, mine);
    if (shared) {
      use(shared, null);
      return;
    }
    openLocalJournalStore(file, mine, now).then(
      (store) => {
        if (!mine.ended) use(store, null);
      },
      (error: unknown) => {
        if (mine.ended) return;
        log.error(toProblem(error).message);
        use(null, toProblem(error));
      },
    );
  }
}
