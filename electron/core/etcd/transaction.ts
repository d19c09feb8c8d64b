import type { ICompare, IRequestOp, IResponseOp, ITxnRequest, ITxnResponse } from 'etcd3';
import { fail } from '#shared/contract/problem.ts';
import {
  type EtcdBytes,
  type EtcdKeyValue,
  type EtcdRange,
  headerRevision,
  rangeFields,
  toBuffer,
  toKeyValue,
  wholeNumber,
} from './key-values.ts';

type Sign = '=' | '!=' | '<' | '>';

/** A guard. On a missing key version, create, mod and lease count as 0, and a value guard is false; a range must hold for all its keys. */
export type EtcdCompare = { readonly on: EtcdRange; readonly is: Sign } & (
  | { readonly target: 'version' | 'create' | 'mod'; readonly to: number }
  | { readonly target: 'value'; readonly to: EtcdBytes }
  | { readonly target: 'lease'; readonly to: string }
);

/** One step of a transaction; `lease` is a decimal id, and `keepLease` leaves the key's own lease as it is. */
export type EtcdOp =
  | { readonly put: EtcdBytes; readonly value: EtcdBytes; readonly lease?: string; readonly keepLease?: boolean }
  | { readonly get: EtcdRange; readonly limit?: number }
  | { readonly delete: EtcdRange }
  | { readonly txn: EtcdTxn };

/** All guards true: `success`, else `failure`; in one revision. A key may be put only once. */
export interface EtcdTxn {
  readonly compare: readonly EtcdCompare[];
  readonly success: readonly EtcdOp[];
  readonly failure?: readonly EtcdOp[];
}

export type EtcdOpResult =
  | { readonly kind: 'put' }
  | { readonly kind: 'get'; readonly keys: EtcdKeyValue[]; readonly count: number }
  | { readonly kind: 'delete'; readonly deleted: number }
  | { readonly kind: 'txn'; readonly outcome: EtcdTxnOutcome };

/** `results` are those of the branch that ran, in its order; `revision` is the store's after it. */
export interface EtcdTxnOutcome {
  readonly succeeded: boolean;
  readonly revision: number;
  readonly results: EtcdOpResult[];
}

const signs = { '=': 'Equal', '!=': 'NotEqual', '<': 'Less', '>': 'Greater' } as const;

export function txnRequest(txn: EtcdTxn): ITxnRequest {
  return {
    compare: txn.compare.map(compareFields),
    success: txn.success.map(opFields),
    failure: (txn.failure ?? []).map(opFields),
  };
}

function compareFields(compare: EtcdCompare): ICompare {
  const fields = { ...rangeFields(compare.on), result: signs[compare.is] };
  switch (compare.target) {
    case 'version':
      return { ...fields, target: 'Version', version: compare.to };
    case 'create':
      return { ...fields, target: 'Create', create_revision: compare.to };
    case 'mod':
      return { ...fields, target: 'Mod', mod_revision: compare.to };
    case 'value':
      return { ...fields, target: 'Value', value: toBuffer(compare.to) };
    default:
      return { ...fields, target: 'Lease', lease: compare.to };
  }
}

function opFields(op: EtcdOp): IRequestOp {
  if ('put' in op) {
    const lease = { lease: op.lease ?? '0', ignore_lease: op.keepLease ?? false };
    return { request_put: { key: toBuffer(op.put), value: toBuffer(op.value), ...lease } };
  }
  if ('get' in op) return { request_range: { ...rangeFields(op.get), limit: op.limit ?? 0 } };
  if ('delete' in op) return { request_delete_range: rangeFields(op.delete) };
  return { request_txn: txnRequest(op.txn) };
}

/** `revision` is given to nested answers, which carry no header of their own. */
export function txnOutcome(reply: ITxnResponse, revision = headerRevision(reply.header)): EtcdTxnOutcome {
  return {
    succeeded: reply.succeeded,
    revision,
    results: reply.responses.map((response) => opResult(response, revision)),
  };
}

function opResult(response: IResponseOp, revision: number): EtcdOpResult {
  // proto-loader leaves the members of a oneof that were not sent undefined.
  const {
    response_range: range,
    response_delete_range: deletion,
    response_txn: txn,
  } = response as Partial<IResponseOp>;
  if (range) return { kind: 'get', keys: range.kvs.map(toKeyValue), count: wholeNumber(range.count, 'count') };
  if (deletion) return { kind: 'delete', deleted: wholeNumber(deletion.deleted, 'count') };
  if (txn) return { kind: 'txn', outcome: txnOutcome(txn, revision) };
  if ((response as Partial<IResponseOp>).response_put) return { kind: 'put' };
  throw fail('protocol', 'etcd answered a transaction with an unknown result');
}
