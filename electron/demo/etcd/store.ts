import { inRange, toRange, type ByteRange } from './byte-range.ts';
import { etcdError } from './etcd-error.ts';
import { type Change, History, type Stored } from './history.ts';
import type { Compare, DeleteRangeRequest, PutRequest, RangeRequest, RequestOp, TxnRequest } from './messages.ts';
import { type RangeAnswer, rangeAnswer, type WireKeyValue, wireKeyValue } from './range-answer.ts';
import { checkPut, checkTxn } from './txn-check.ts';

interface InnerHeader {
  readonly header: { readonly revision: number };
}
export type PutAnswer = { readonly prev_kv: WireKeyValue | null };
export type DeleteAnswer = { readonly deleted: number; readonly prev_kvs: WireKeyValue[] };
export interface TxnAnswer {
  readonly succeeded: boolean;
  readonly responses: object[];
}

/** What the store must know of leases, and tell them. */
export interface LeaseBook {
  has(id: string): boolean;
  /** `kv` is null when the key was deleted. */
  moved(key: Buffer, kv: Stored | null): void;
}

/** Keys with all their revisions; every write is one transaction and one revision. */
export class Store {
  readonly history = new History();
  readonly #leases: LeaseBook;
  readonly #committed: (changes: readonly Change[]) => void;

  constructor(leases: LeaseBook, committed: (changes: readonly Change[]) => void) {
    this.#leases = leases;
    this.#committed = committed;
  }

  range(request: RangeRequest): RangeAnswer {
    if (request.key.length === 0) throw etcdError('empty-key');
    return new Writing(this.history).range(request);
  }

  put(request: PutRequest): PutAnswer {
    checkPut(request);
    const writing = new Writing(this.history);
    // Alone, the lease is looked at before the key; in a transaction it is the other way round.
    this.#checkLease(request);
    this.#precheck([{ request_put: request }], writing);
    const answer = writing.put(request);
    this.#commit(writing);
    return answer;
  }

  delete(request: DeleteRangeRequest): DeleteAnswer {
    if (request.key.length === 0) throw etcdError('empty-key');
    const writing = new Writing(this.history);
    const answer = writing.delete(request);
    this.#commit(writing);
    return answer;
  }

  /** Deletes these keys in one revision: those of a lease that ended. */
  deleteKeys(keys: readonly Buffer[]): void {
    const writing = new Writing(this.history);
    for (const key of keys) writing.delete({ key, range_end: Buffer.alloc(0), prev_kv: false });
    this.#commit(writing);
  }

  txn(request: TxnRequest): TxnAnswer {
    checkTxn(request);
    const writing = new Writing(this.history);
    const chosen = choose(request, writing);
    this.#precheck(opsOf(chosen), writing);
    const answer = writing.run(chosen);
    this.#commit(writing);
    return answer;
  }

  #commit(writing: Writing): void {
    if (writing.changes.length === 0) return;
    this.history.append(writing.changes);
    for (const { key, kv } of writing.changes) this.#leases.moved(key, kv);
    this.#committed(writing.changes);
  }

  #checkLease({ lease }: PutRequest): void {
    if (lease !== '0' && !this.#leases.has(lease)) throw etcdError('lease-not-found');
  }

  /** Refuses before anything is written what would otherwise stop a transaction half-way. */
  #precheck(ops: readonly RequestOp[], writing: Writing): void {
    for (const { request_put: put } of ops) {
      if (!put) continue;
      if ((put.ignore_value || put.ignore_lease) && !writing.one(put.key)) throw etcdError('key-not-found');
      this.#checkLease(put);
    }
    for (const { request_range: range } of ops) {
      if (range && Number(range.revision) > this.history.revision) throw etcdError('future');
      if (range && Number(range.revision) > 0 && Number(range.revision) < this.history.compacted)
        throw etcdError('compacted');
    }
  }
}

/** A transaction with the branches decided: all guards are judged before anything is written, nested ones too. */
interface Chosen {
  readonly succeeded: boolean;
  readonly ops: readonly (Omit<RequestOp, 'request_txn'> & { readonly nested?: Chosen })[];
}

function choose(txn: TxnRequest, writing: Writing): Chosen {
  const succeeded = txn.compare.every((compare) => writing.holds(compare));
  const ops = succeeded ? txn.success : txn.failure;
  return { succeeded, ops: ops.map((op) => (op.request_txn ? { nested: choose(op.request_txn, writing) } : op)) };
}

function opsOf(chosen: Chosen): RequestOp[] {
  return chosen.ops.flatMap((op) => (op.nested ? opsOf(op.nested) : [op]));
}

/** One write transaction: sees the store as it began plus its own changes. */
class Writing {
  readonly changes: Change[] = [];
  readonly #history: History;
  readonly #revision: number;

  constructor(history: History) {
    this.#history = history;
    this.#revision = history.revision + 1;
  }

  one(key: Buffer): Stored | null {
    const changed = this.changes.findLast((change) => change.key.equals(key));
    return changed ? changed.kv : this.#history.one(key);
  }

  range(request: RangeRequest): RangeAnswer {
    const range = toRange(request.key, request.range_end);
    const revision = Number(request.revision);
    return rangeAnswer(revision > 0 ? this.#history.at(range, revision) : this.#now(range), request);
  }

  put(request: PutRequest): PutAnswer {
    const before = this.one(request.key);
    const kv: Stored = {
      key: request.key,
      value: request.ignore_value && before ? before.value : request.value,
      createRevision: before?.createRevision ?? this.#revision,
      modRevision: this.#revision,
      version: (before?.version ?? 0) + 1,
      lease: request.ignore_lease && before ? before.lease : request.lease,
    };
    this.changes.push({ revision: this.#revision, key: kv.key, kv });
    return { prev_kv: request.prev_kv && before ? wireKeyValue(before) : null };
  }

  delete(request: DeleteRangeRequest): DeleteAnswer {
    const gone = this.#now(toRange(request.key, request.range_end));
    for (const { key } of gone) this.changes.push({ revision: this.#revision, key, kv: null });
    return { deleted: gone.length, prev_kvs: request.prev_kv ? gone.map((kv) => wireKeyValue(kv)) : [] };
  }

  run(chosen: Chosen): TxnAnswer {
    const responses = chosen.ops.map((op): object => {
      // A nested transaction's own header stays empty in etcd; those of its parts do not.
      if (op.nested) return { response_txn: { header: { revision: 0 }, ...this.run(op.nested) } };
      if (op.request_put) return { response_put: this.#headed(this.put(op.request_put)) };
      if (op.request_delete_range) return { response_delete_range: this.#headed(this.delete(op.request_delete_range)) };
      if (op.request_range) return { response_range: this.#headed(this.range(op.request_range)) };
      return {};
    });
    return { succeeded: chosen.succeeded, responses };
  }

  holds(compare: Compare): boolean {
    const kvs = this.#now(toRange(compare.key, compare.range_end));
    if (kvs.length === 0) return compare.target !== 'Value' && compares(compare, null);
    return kvs.every((kv) => compares(compare, kv));
  }

  #headed<T extends object>(answer: T): T & InnerHeader {
    return { header: { revision: this.changes.length > 0 ? this.#revision : this.#history.revision }, ...answer };
  }

  #now(range: ByteRange): Stored[] {
    const found = new Map(this.#history.at(range, this.#history.revision).map((kv) => [kv.key.toString('latin1'), kv]));
    for (const { key, kv } of this.changes) {
      if (!inRange(range, key)) continue;
      if (kv) found.set(key.toString('latin1'), kv);
      else found.delete(key.toString('latin1'));
    }
    return [...found.values()].sort((a, b) => a.key.compare(b.key));
  }
}

function compares(compare: Compare, kv: Stored | null): boolean {
  const difference = compared(compare, kv);
  if (compare.result === 'Equal') return difference === 0;
  if (compare.result === 'NotEqual') return difference !== 0;
  return compare.result === 'Greater' ? difference > 0 : difference < 0;
}

function compared(compare: Compare, kv: Stored | null): number {
  const whole = (have: number | string, want: string | undefined) => {
    const difference = BigInt(have) - BigInt(want ?? 0);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  };
  switch (compare.target) {
    case 'Version':
      return whole(kv?.version ?? 0, compare.version);
    case 'Create':
      return whole(kv?.createRevision ?? 0, compare.create_revision);
    case 'Mod':
      return whole(kv?.modRevision ?? 0, compare.mod_revision);
    case 'Lease':
      return whole(kv?.lease ?? 0, compare.lease);
    default:
      return (kv?.value ?? Buffer.alloc(0)).compare(compare.value ?? Buffer.alloc(0));
  }
}
