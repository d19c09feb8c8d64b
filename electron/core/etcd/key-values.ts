import type { IKeyValue, IResponseHeader } from 'etcd3';
import { fail } from '#shared/contract/problem.ts';

/** Bytes going to etcd; a string is sent as UTF-8. */
export type EtcdBytes = string | Uint8Array;

/** One key, all keys under a prefix, or the keys from `from` up to but not including `to`. */
export type EtcdRange =
  | EtcdBytes
  | { readonly prefix: EtcdBytes }
  | { readonly from: EtcdBytes; readonly to: EtcdBytes };

/** A key as it stood at some revision. Lease ids are decimal strings, '0' for none: they do not fit a number. */
export interface EtcdKeyValue {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
  readonly lease: string;
}

const zero = Buffer.from([0]);

export function toBuffer(bytes: EtcdBytes): Buffer {
  return Buffer.from(bytes as string);
}

/** The first key after all keys that start with `prefix`; a single NUL byte means "no end" to etcd. */
export function prefixEnd(prefix: Buffer): Buffer {
  for (let at = prefix.length - 1; at >= 0; at--) {
    const byte = prefix[at] ?? 0xff;
    if (byte < 0xff) return Buffer.concat([prefix.subarray(0, at), Buffer.from([byte + 1])]);
  }
  return zero;
}

/** A range as etcd's two fields; for one key `range_end` is absent, as etcd reads an empty one as "no end". */
export function rangeFields(range: EtcdRange): { key: Buffer; range_end?: Buffer } {
  if (typeof range === 'string' || range instanceof Uint8Array) return { key: toBuffer(range) };
  if ('prefix' in range) {
    const prefix = toBuffer(range.prefix);
    return { key: prefix.length > 0 ? prefix : zero, range_end: prefixEnd(prefix) };
  }
  return { key: toBuffer(range.from), range_end: toBuffer(range.to) };
}

/** A 64-bit integer that must fit a number: revisions, versions, sizes. */
export function wholeNumber(text: string, what: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw fail('protocol', `etcd sent ${what} ${text}, which is not a number in range`);
  return value;
}

/** The revision of a reply's header. */
export function headerRevision(header: IResponseHeader | null | undefined): number {
  if (!header) throw fail('protocol', 'etcd sent a reply without a header');
  return wholeNumber(header.revision, 'revision');
}

export function toKeyValue(kv: IKeyValue): EtcdKeyValue {
  return {
    key: kv.key,
    value: kv.value,
    createRevision: wholeNumber(kv.create_revision, 'revision'),
    modRevision: wholeNumber(kv.mod_revision, 'revision'),
    version: wholeNumber(kv.version, 'version'),
    lease: kv.lease,
  };
}
