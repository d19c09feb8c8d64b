import type { EtcdCalls } from './calls.ts';
import { replyTooLarge, statusOf } from './etcd-problem.ts';
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
import { type EtcdTxn, type EtcdTxnOutcome, txnOutcome, txnRequest } from './transaction.ts';

/** `serializable` reads the asked member's own copy: works without quorum, may be stale. */
export interface ReadOptions {
  /** 0 or absent: the newest. */
  readonly revision?: number;
  readonly limit?: number;
  readonly keysOnly?: boolean;
  readonly serializable?: boolean;
}

/** A part of a range in key order; `revision` is the store's when it was read, `count` that of the whole range. */
export interface EtcdPage {
  readonly revision: number;
  readonly keys: EtcdKeyValue[];
  readonly count: number;
  readonly more: boolean;
}

/** Reads and writes of keys; every call ends within 5 s. Rejects with ProblemError: `stale` when the revision was compacted, `lost` when a write may or may not have been made. */
export interface EtcdKeys {
  get(key: EtcdBytes, options?: ReadOptions): Promise<{ revision: number; found: EtcdKeyValue | null }>;
  page(range: EtcdRange, options?: ReadOptions): Promise<EtcdPage>;
  /** All of a range at one revision, `limit` keys a page (500), fewer when they are large. */
  pages(range: EtcdRange, options?: ReadOptions): AsyncGenerator<EtcdPage, void>;
  put(
    key: EtcdBytes,
    value: EtcdBytes,
    options?: { lease?: string; keepLease?: boolean },
  ): Promise<{ revision: number }>;
  delete(range: EtcdRange): Promise<{ revision: number; deleted: number }>;
  /** Sent once: safe to send again only when its guards make it so. */
  txn(txn: EtcdTxn): Promise<EtcdTxnOutcome>;
}

const read = { timeoutMs: 5000, repeatable: true };
const write = { timeoutMs: 5000, repeatable: false };

export function etcdKeys(calls: EtcdCalls): EtcdKeys {
  const page = async (fields: { key: Buffer; range_end?: Buffer }, options: ReadOptions): Promise<EtcdPage> => {
    const request = {
      ...fields,
      revision: options.revision ?? 0,
      limit: options.limit ?? 0,
      keys_only: options.keysOnly ?? false,
      serializable: options.serializable ?? false,
    };
    const reply = await calls.call(read, ({ etcd }, deadline) => etcd.kv.range(request, { deadline }));
    return {
      revision: headerRevision(reply.header),
      keys: reply.kvs.map(toKeyValue),
      count: wholeNumber(reply.count, 'count'),
      more: reply.more,
    };
  };

  /** A page at most as large as one reply may be: halves the limit until it fits. */
  const fittingPage = async (fields: { key: Buffer; range_end?: Buffer }, options: ReadOptions & { limit: number }) => {
    for (let limit = options.limit; ; limit = Math.ceil(limit / 4)) {
      try {
        return { answer: await page(fields, { ...options, limit }), limit };
      } catch (error) {
        if (limit === 1 || !replyTooLarge(statusOf((error as Error).cause))) throw error;
      }
    }
  };

  return {
    async get(key, options = {}) {
      const answer = await page({ key: toBuffer(key) }, options);
      return { revision: answer.revision, found: answer.keys[0] ?? null };
    },
    page: (range, options = {}) => page(rangeFields(range), options),
    async *pages(range, options = {}) {
      const fields = rangeFields(range);
      let at = options.revision ?? 0;
      let limit = options.limit ?? 500;
      for (;;) {
        const got = await fittingPage(fields, { ...options, revision: at, limit });
        limit = got.limit;
        // The first page's own revision is the newest; later pages must not move on from it.
        if (at === 0) at = got.answer.revision;
        yield { ...got.answer, revision: at };
        const last = got.answer.keys.at(-1);
        if (!got.answer.more || !last) return;
        fields.key = Buffer.concat([last.key, Buffer.from([0])]);
      }
    },
    async put(key, value, options = {}) {
      const lease = { lease: options.lease ?? '0', ignore_lease: options.keepLease ?? false };
      const request = { key: toBuffer(key), value: toBuffer(value), ...lease };
      const reply = await calls.call(write, ({ etcd }, deadline) => etcd.kv.put(request, { deadline }));
      return { revision: headerRevision(reply.header) };
    },
    async delete(range) {
      const request = rangeFields(range);
      const reply = await calls.call(write, ({ etcd }, deadline) => etcd.kv.deleteRange(request, { deadline }));
      return { revision: headerRevision(reply.header), deleted: wholeNumber(reply.deleted, 'count') };
    },
    async txn(txn) {
      const request = txnRequest(txn);
      return txnOutcome(await calls.call(write, ({ etcd }, deadline) => etcd.kv.txn(request, { deadline })));
    },
  };
}
