import type { EtcdSpec } from '#core/clusters/cluster-store.ts';
import type { Log } from '#core/lib/log.ts';
import type { Scope } from '#core/lib/scope.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { EtcdCalls } from './calls.ts';
import { type DialEtcd, EtcdEndpoint, parseEndpoint } from './endpoint.ts';
import { type EtcdKeys, etcdKeys } from './key-store.ts';
import type { EtcdBytes } from './key-values.ts';
import { type EtcdLease, grantLease } from './lease.ts';
import { type AskPassword, EtcdSession } from './session.ts';
import { EtcdV2Keys } from './v2-keys.ts';
import { type EtcdWatchEvents, watchPrefix } from './watch-prefix.ts';

export interface ConnectOptions {
  /** Asked only when the cluster file names a user, when first needed and after a refusal (at most every 10 s). */
  readonly password: AskPassword;
  readonly log: Log;
  readonly scope: Scope;
  readonly dial?: DialEtcd;
}

/** All of a cluster's etcd: keys over whichever member answers, and each member by itself. Ends with its scope. */
export interface EtcdConnection extends EtcdKeys {
  readonly endpoints: readonly EtcdEndpoint[];
  /** The keys of the old API, which v3 does not see. */
  readonly v2: EtcdV2Keys;
  readonly session: EtcdSession;
  readonly scope: Scope;
  readonly log: Log;
  /** A way to a member that the cluster file does not name, as its own client URL; dialled and trusted the same. */
  endpointAt(url: string): EtcdEndpoint;
  grantLease(ttlSeconds: number, onLost: (problem: Problem) => void): Promise<EtcdLease>;
  /** Lists and follows a prefix; `from` resumes at a revision instead of listing. Returns a function that stops. */
  watchPrefix(prefix: EtcdBytes, from: number | null, events: EtcdWatchEvents): () => void;
}

/** Connects nothing yet: members are dialled when first asked. Throws `invalid-input` for an endpoint that cannot be read. */
export function connectEtcd(spec: EtcdSpec, options: ConnectOptions): EtcdConnection {
  const scope = options.scope.child('etcd');
  const session = new EtcdSession(spec.user, options.password);
  const tls = spec.tls !== null;
  const endpointAt = (text: string) => new EtcdEndpoint(parseEndpoint(text, tls), spec, session, options.dial);
  const endpoints = spec.endpoints.map(endpointAt);
  const calls = new EtcdCalls(endpoints, session);
  const keys = etcdKeys(calls);
  scope.add(() => endpoints.forEach((endpoint) => endpoint.close()));
  return {
    ...keys,
    endpoints,
    v2: new EtcdV2Keys({ spec, endpoints, session, signal: scope.signal, dial: options.dial }),
    session,
    scope,
    log: options.log,
    endpointAt,
    grantLease: (ttlSeconds, onLost) => grantLease(calls, scope, ttlSeconds, onLost),
    watchPrefix: (prefix, from, events) => watchPrefix({ calls, keys, session, scope }, prefix, from, events),
  };
}
