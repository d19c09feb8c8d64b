import {
  type Client,
  credentials,
  makeClientConstructor,
  type ServiceError,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { afterAll, beforeEach, describe } from 'vitest';
import { Scope } from '#core/lib/scope.ts';
import { etcdServices } from '#demo/etcd/messages.ts';
import { startDemoEtcd } from '#demo/etcd/start-demo-etcd.ts';
import { needsEtcd, startEtcd } from './etcd.ts';

type Service = 'KV' | 'Watch' | 'Lease' | 'Maintenance' | 'Cluster' | 'Auth';
/** A reply as it is on the wire: 64-bit numbers are strings, enums their names. */
// oxlint-disable-next-line typescript/no-explicit-any -- replies are compared whole, not used
export type Reply = any;

/** etcd's gRPC API without any of our client, to compare servers byte for byte. */
export interface RawEtcd {
  /** Rejects with grpc's ServiceError, whose `code` and `details` are the server's. */
  call(service: Service, method: string, request?: object): Promise<Reply>;
  /** A stream whose replies gather in `replies`. */
  stream(
    service: 'Watch' | 'Lease',
    method: string,
  ): { write(request: object): void; cancel(): void; replies: Reply[] };
}

export function rawEtcd(scope: Scope, url: string): RawEtcd {
  const services: Record<Service, ServiceDefinition> = etcdServices();
  const clients = new Map<Service, Client & Record<string, (...words: never[]) => Reply>>();
  const target = new URL(url).host;
  const client = (name: Service) => {
    let found = clients.get(name);
    if (!found) {
      const Made = makeClientConstructor(services[name], name);
      found = new Made(target, credentials.createInsecure(), {
        'grpc.max_receive_message_length': -1,
        'grpc.max_send_message_length': -1,
      }) as unknown as NonNullable<typeof found>;
      clients.set(name, found);
      scope.add(() => found?.close());
    }
    return found;
  };
  return {
    call: (service, method, request = {}) =>
      new Promise((resolve, reject) => {
        const done = (error: ServiceError | null, reply: Reply) => (error ? reject(error) : resolve(reply));
        const call = client(service)[method] as unknown as (...words: unknown[]) => void;
        call.call(client(service), request, { deadline: Date.now() + 10_000 }, done);
      }),
    stream(service, method) {
      const replies: Reply[] = [];
      const stream = (client(service)[method] as unknown as () => Reply).call(client(service));
      stream.on('data', (reply: Reply) => replies.push(reply));
      stream.on('error', (error: ServiceError) => replies.push({ error: error.code }));
      scope.add(() => stream.cancel());
      return { write: (request) => stream.write(request), cancel: () => stream.cancel(), replies };
    },
  };
}

const servers = [
  {
    name: 'the real etcd',
    check: needsEtcd,
    start: async (scope: Scope) => (await startEtcd(scope)).members[0]?.clientUrl ?? '',
  },
  {
    name: 'the in-process etcd',
    check: () => {},
    start: async (scope: Scope) => (await startDemoEtcd({ scope })).endpoints[0] ?? '',
  },
];

/** Describes what both servers must do alike; the real one is skipped, with its reason, where there is none. */
export function onBothServers(title: string, tests: (etcd: () => RawEtcd) => void): void {
  for (const { name, check, start } of servers) {
    describe(`${title}: ${name}`, () => {
      const scope = new Scope('etcd conformance');
      let etcd: RawEtcd | null = null;
      beforeEach(async () => {
        check();
        etcd ??= rawEtcd(scope, await start(scope));
      });
      afterAll(() => scope.end());
      tests(() => etcd as RawEtcd);
    });
  }
}

/** Fields for a prefix: `key` and `range_end`. */
export function under(prefix: string): { key: Buffer; range_end: Buffer } {
  const key = Buffer.from(prefix);
  const end = Buffer.from(prefix);
  end[end.length - 1] = (end[end.length - 1] ?? 0) + 1;
  return { key, range_end: end };
}

/** The gRPC code and words of a rejected call. */
export async function refusal(call: Promise<Reply>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { code, details } = error as ServiceError;
    return `${code} ${details}`;
  }
  return 'answered';
}
