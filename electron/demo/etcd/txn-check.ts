import { type ByteRange, inRange } from './byte-range.ts';
import { etcdError } from './etcd-error.ts';
import type { Compare, DeleteRangeRequest, PutRequest, RequestOp, TxnRequest } from './messages.ts';

const maxOps = 128;
/** `--max-request-bytes` of a real etcd. */
const maxRequestBytes = 1.5 * 1024 * 1024;

export function checkPut(put: PutRequest): void {
  if (put.key.length === 0) throw etcdError('empty-key');
  if (put.ignore_value && put.value.length > 0) throw etcdError('value-provided');
  if (put.ignore_lease && put.lease !== '0') throw etcdError('lease-provided');
  if (put.key.length + put.value.length > maxRequestBytes) throw etcdError('too-large');
}

/** Refuses what can be refused without looking at the store: empty keys, too much, and a key written twice in one branch. */
export function checkTxn(txn: TxnRequest): void {
  checkParts(txn);
  touched(txn.success);
  touched(txn.failure);
}

function checkParts(txn: TxnRequest): void {
  if (Math.max(txn.compare.length, txn.success.length, txn.failure.length) > maxOps)
    throw etcdError('too-many-operations');
  if (txn.compare.some((compare: Compare) => compare.key.length === 0)) throw etcdError('empty-key');
  for (const op of [...txn.success, ...txn.failure]) {
    if (op.request_put) checkPut(op.request_put);
    if (op.request_txn) checkParts(op.request_txn);
    const range = op.request_range ?? op.request_delete_range;
    if (range && range.key.length === 0) throw etcdError('empty-key');
  }
}

/** etcd takes the end as it stands here, so a deletion "to no end" (a single NUL) is not seen to cover anything. */
function literally({ key, range_end: end }: DeleteRangeRequest): ByteRange {
  return { start: key, end: end.length > 0 ? end : Buffer.concat([key, Buffer.from([0])]) };
}

interface Touched {
  readonly puts: Map<string, Buffer>;
  readonly deletions: ByteRange[];
}

/** What a branch writes. Both branches of a nested transaction may put one key, since only one of them will run. */
function touched(ops: readonly RequestOp[]): Touched {
  const puts = new Map<string, Buffer>();
  const deletions: ByteRange[] = [];
  for (const { request_delete_range: deletion } of ops) if (deletion) deletions.push(literally(deletion));
  const add = (name: string, key: Buffer, allowed: boolean) => {
    if ((puts.has(name) && !allowed) || deletions.some((range) => inRange(range, key)))
      throw etcdError('duplicate-key');
    puts.set(name, key);
  };
  for (const { request_txn: nested } of ops) {
    if (!nested) continue;
    const yes = touched(nested.success);
    const no = touched(nested.failure);
    for (const [name, key] of yes.puts) add(name, key, false);
    for (const [name, key] of no.puts) add(name, key, yes.puts.has(name));
    deletions.push(...yes.deletions, ...no.deletions);
  }
  for (const { request_put: put } of ops) if (put) add(put.key.toString('latin1'), put.key, false);
  return { puts, deletions };
}
