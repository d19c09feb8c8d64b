import { createRequire } from 'node:module';
import { loadPackageDefinition, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** etcd's own service definitions, read from the proto file inside the etcd3 package; 64-bit numbers are decimal strings. */
export function etcdServices(): Record<
  'KV' | 'Watch' | 'Lease' | 'Maintenance' | 'Cluster' | 'Auth',
  ServiceDefinition
> {
  const file = createRequire(import.meta.url).resolve('etcd3/proto/rpc.proto');
  const definition = loadSync(file, { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true });
  const services = loadPackageDefinition(definition)['etcdserverpb'] as unknown as Record<
    string,
    { service: ServiceDefinition }
  >;
  const service = (name: string): ServiceDefinition => {
    const found = services[name]?.service;
    if (!found) throw new Error(`etcd's proto file has no service ${name}`);
    return found;
  };
  return {
    KV: service('KV'),
    Watch: service('Watch'),
    Lease: service('Lease'),
    Maintenance: service('Maintenance'),
    Cluster: service('Cluster'),
    Auth: service('Auth'),
  };
}

export interface RangeRequest {
  readonly key: Buffer;
  readonly range_end: Buffer;
  readonly limit: string;
  readonly revision: string;
  readonly sort_order: 'None' | 'Ascend' | 'Descend';
  readonly sort_target: 'Key' | 'Version' | 'Create' | 'Mod' | 'Value';
  readonly serializable: boolean;
  readonly keys_only: boolean;
  readonly count_only: boolean;
  readonly min_mod_revision: string;
  readonly max_mod_revision: string;
  readonly min_create_revision: string;
  readonly max_create_revision: string;
}

export interface PutRequest {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly lease: string;
  readonly prev_kv: boolean;
  readonly ignore_value: boolean;
  readonly ignore_lease: boolean;
}

export interface DeleteRangeRequest {
  readonly key: Buffer;
  readonly range_end: Buffer;
  readonly prev_kv: boolean;
}

export interface Compare {
  readonly result: 'Equal' | 'Greater' | 'Less' | 'NotEqual';
  readonly target: 'Version' | 'Create' | 'Mod' | 'Value' | 'Lease';
  readonly key: Buffer;
  readonly range_end: Buffer;
  readonly version?: string;
  readonly create_revision?: string;
  readonly mod_revision?: string;
  readonly value?: Buffer;
  readonly lease?: string;
}

/** Exactly one member is present. */
export interface RequestOp {
  readonly request_range?: RangeRequest;
  readonly request_put?: PutRequest;
  readonly request_delete_range?: DeleteRangeRequest;
  readonly request_txn?: TxnRequest;
}

export interface TxnRequest {
  readonly compare: readonly Compare[];
  readonly success: readonly RequestOp[];
  readonly failure: readonly RequestOp[];
}

export interface WatchCreateRequest {
  readonly key: Buffer;
  readonly range_end: Buffer;
  readonly start_revision: string;
  readonly progress_notify: boolean;
  readonly filters: readonly ('Noput' | 'Nodelete')[];
  readonly prev_kv: boolean;
  readonly watch_id: string;
  readonly fragment: boolean;
}

/** Exactly one member is present. */
export interface WatchRequest {
  readonly create_request?: WatchCreateRequest;
  readonly cancel_request?: { readonly watch_id: string };
  readonly progress_request?: object;
}
