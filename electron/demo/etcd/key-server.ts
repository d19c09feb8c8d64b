import { Ensemble, type EnsembleMember } from './ensemble.ts';
import { etcdError } from './etcd-error.ts';
import { Leases } from './leases.ts';
import type { DeleteRangeRequest, PutRequest, RangeRequest, RequestOp, TxnRequest } from './messages.ts';
import { Store } from './store.ts';
import { type WatchReply, Watchers } from './watchers.ts';

export interface Header {
  readonly cluster_id: string;
  readonly member_id: string;
  readonly revision: number;
  readonly raft_term: number;
}

/** One open Watch stream. */
export interface WatchClient {
  readonly watchers: Watchers;
  /** Ends it because there is no leader; only for streams that asked for that. */
  readonly leaderLost: () => void;
}

type Alarm = { readonly memberID: string; readonly alarm: 'Nospace' | 'Corrupt' };

const progressMs = 600_000;

/** What all members of one in-process etcd share: the keys, the leases, the alarms, and who leads. */
export class KeyServer {
  readonly ensemble: Ensemble;
  readonly leases: Leases;
  readonly store: Store;
  readonly alarms: Alarm[] = [];
  readonly #now: () => number;
  readonly #historyEvents: number;
  readonly #watching = new Set<WatchClient>();

  /** Keeps about `historyEvents` past changes: older ones are compacted away, as the demo would else grow for ever. */
  constructor(members: readonly string[], now: () => number, historyEvents: number) {
    this.ensemble = new Ensemble(members, () => this.#watching.forEach((client) => client.leaderLost()));
    this.#now = now;
    this.#historyEvents = historyEvents;
    this.leases = new Leases(now);
    this.store = new Store(this.leases, (changes) => this.#watching.forEach(({ watchers }) => watchers.tell(changes)));
  }

  header(member: EnsembleMember): Header {
    return {
      cluster_id: this.ensemble.clusterId,
      member_id: member.id,
      revision: this.store.history.revision,
      raft_term: this.ensemble.term,
    };
  }

  range(request: RangeRequest): object {
    if (!request.serializable && !this.ensemble.leader) throw etcdError('no-leader');
    this.#refuseCorrupt();
    return this.store.range(request);
  }

  put(request: PutRequest): object {
    return this.#write(true, () => this.store.put(request));
  }

  delete(request: DeleteRangeRequest): object {
    return this.#write(false, () => this.store.delete(request));
  }

  txn(request: TxnRequest): object {
    return this.#write(puts([...request.success, ...request.failure]), () => this.store.txn(request));
  }

  compact(revision: number): void {
    this.#write(false, () => this.store.history.compact(revision));
  }

  grantLease(id: string, seconds: number): { id: string; seconds: number } {
    return this.#write(true, () => this.leases.grant(id, seconds));
  }

  revokeLease(id: string): void {
    this.#write(false, () => this.store.deleteKeys(this.leases.revoke(id)));
  }

  keepAlive(id: string): number {
    if (!this.ensemble.leader) throw etcdError('no-leader');
    return this.leases.keepAlive(id);
  }

  watch(send: (reply: WatchReply) => void, leaderLost: () => void): WatchClient {
    const client = { watchers: new Watchers(this.store.history, send, this.#now), leaderLost };
    this.#watching.add(client);
    return client;
  }

  unwatch(client: WatchClient): void {
    this.#watching.delete(client);
  }

  /** To be called about twice a second: ends leases whose time is over, keeps the history short, tells idle watchers. */
  tick(): void {
    for (const { watchers } of this.#watching) watchers.progress(progressMs);
    if (!this.ensemble.leader) return;
    for (const id of this.leases.expired()) this.revokeLease(id);
    const { history } = this.store;
    if (history.events < this.#historyEvents * 1.1) return;
    const until = history.revision - this.#historyEvents;
    if (until > Math.max(0, history.compacted)) this.compact(until);
  }

  #write<T>(grows: boolean, run: () => T): T {
    this.ensemble.decide();
    this.#refuseCorrupt();
    if (grows && this.alarms.some(({ alarm }) => alarm === 'Nospace')) throw etcdError('no-space');
    return run();
  }

  #refuseCorrupt(): void {
    if (this.alarms.some(({ alarm }) => alarm === 'Corrupt')) throw etcdError('corrupt');
  }
}

function puts(ops: readonly RequestOp[]): boolean {
  return ops.some(
    (op) => op.request_put || (op.request_txn && puts([...op.request_txn.success, ...op.request_txn.failure])),
  );
}
