import { isDeepStrictEqual } from 'node:util';
import type { EtcdCluster } from '#shared/contract/etcd.ts';
import type { Problem } from '#shared/contract/problem.ts';
import type { EtcdSpec } from '../clusters/cluster-store.ts';
import { connectEtcd, type EtcdConnection } from '../etcd/connect-etcd.ts';
import { watchEtcdCluster } from '../etcd/watch-etcd-cluster.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import type { Prompts } from './prompts.ts';

interface KnownHost {
  readonly name: string;
  readonly address: string;
}

/** The etcd of one cluster file: connected when endpoints are named, connected anew when they change. */
export class EtcdView {
  readonly #scope: Scope;
  readonly #options: { readonly log: Log; readonly now: () => number };
  readonly #prompts: Prompts;
  readonly #onChange: (etcd: EtcdCluster) => void;
  readonly #onConnection: (etcd: EtcdConnection | null) => void;
  #spec: EtcdSpec | null | undefined;
  #connection: Scope | null = null;
  #hosts: readonly KnownHost[] = [];
  #addresses: (host: string) => readonly string[];

  constructor(
    scope: Scope,
    options: { readonly log: Log; readonly now: () => number },
    prompts: Prompts,
    addresses: (host: string) => readonly string[],
    onChange: (etcd: EtcdCluster) => void,
    onConnection: (etcd: EtcdConnection | null) => void,
  ) {
    this.#scope = scope;
    this.#options = options;
    this.#prompts = prompts;
    this.#addresses = addresses;
    this.#onChange = onChange;
    this.#onConnection = onConnection;
  }

  configure(spec: EtcdSpec | null, hosts: readonly KnownHost[]): void {
    this.#hosts = hosts;
    if (isDeepStrictEqual(spec, this.#spec)) return;
    this.#spec = spec;
    const old = this.#connection;
    this.#connection = null;
    void old
      ?.end()
      .catch((error: unknown) =>
        this.#options.log.warn('an etcd connection did not end cleanly', { error: String(error) }),
      );
    if (spec) this.#connect(spec);
    else {
      this.#onChange(noEtcd(this.#options.now()));
      this.#onConnection(null);
    }
  }

  #connect(spec: EtcdSpec): void {
    const scope = this.#scope.child('etcd');
    this.#connection = scope;
    const connection = connectEtcd(spec, {
      password: (last) => this.#askPassword(scope, spec, last),
      log: this.#options.log,
      scope,
    });
    this.#onConnection(connection);
    watchEtcdCluster(connection, {
      scope,
      hosts: () =>
        this.#hosts.map(({ name, address }) => ({ name, addresses: [name, address, ...this.#addresses(name)] })),
      onChange: (etcd) => {
        if (this.#connection === scope) this.#onChange(etcd);
      },
    });
  }

  #askPassword(scope: Scope, spec: EtcdSpec, last: Problem | null): Promise<string | null> {
    const where = `${spec.user ?? ''}@${spec.endpoints[0] ?? ''}`;
    const id = `etcd-password:${where}`;
    return new Promise((resolve) => {
      scope.add(() => {
        this.#prompts.gone(id);
        resolve(null);
      });
      this.#prompts.ask(
        {
          id,
          kind: 'etcd-password',
          title: `Password of etcd user ${spec.user ?? ''}`,
          instructions: spec.endpoints.join(', '),
          fields: [{ label: 'Password', secret: true }],
          hosts: [],
          canRemember: true,
          error: last?.message ?? '',
        },
        id,
        (answers) => resolve(answers?.[0] ?? null),
      );
    });
  }
}

function noEtcd(now: number): EtcdCluster {
  return {
    state: 'none',
    reason: 'The cluster file names no etcd endpoints.',
    since: now,
    readAt: null,
    clusterId: '',
    revision: 0,
    leaderId: '',
    members: [],
    alarms: [],
  };
}
