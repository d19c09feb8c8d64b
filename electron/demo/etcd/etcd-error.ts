import { status } from '@grpc/grpc-js';

/** An error in etcd's own words, sent with the gRPC code that etcd gives it. */
export class EtcdError extends Error {
  readonly code: status;
  constructor(code: status, words: string) {
    super(`etcdserver: ${words}`);
    this.code = code;
  }
}

const errors = {
  'empty-key': [status.INVALID_ARGUMENT, 'key is not provided'],
  'key-not-found': [status.INVALID_ARGUMENT, 'key not found'],
  'value-provided': [status.INVALID_ARGUMENT, 'value is provided'],
  'lease-provided': [status.INVALID_ARGUMENT, 'lease is provided'],
  'too-many-operations': [status.INVALID_ARGUMENT, 'too many operations in txn request'],
  'duplicate-key': [status.INVALID_ARGUMENT, 'duplicate key given in txn request'],
  'too-large': [status.INVALID_ARGUMENT, 'request is too large'],
  compacted: [status.OUT_OF_RANGE, 'mvcc: required revision has been compacted'],
  future: [status.OUT_OF_RANGE, 'mvcc: required revision is a future revision'],
  'lease-not-found': [status.NOT_FOUND, 'requested lease not found'],
  'lease-exists': [status.FAILED_PRECONDITION, 'lease already exists'],
  'ttl-too-large': [status.OUT_OF_RANGE, 'too large lease TTL'],
  'no-space': [status.RESOURCE_EXHAUSTED, 'mvcc: database space exceeded'],
  corrupt: [status.DATA_LOSS, 'corrupt cluster'],
  'no-leader': [status.UNAVAILABLE, 'no leader'],
  'not-leader': [status.FAILED_PRECONDITION, 'not leader'],
  'bad-leader': [status.FAILED_PRECONDITION, 'bad leader transferee'],
  'auth-off': [status.FAILED_PRECONDITION, 'authentication is not enabled'],
} as const;

export type EtcdErrorName = keyof typeof errors;

export function etcdError(name: EtcdErrorName): EtcdError {
  const [code, words] = errors[name];
  return new EtcdError(code, words);
}
