import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { EnsembleMember } from './ensemble.ts';
import { KeyServer } from './key-server.ts';
import { etcdServices } from './messages.ts';
import type { Lifetime } from './real-etcd.ts';
import { memberServices } from './services.ts';

export interface InProcessOptions {
  readonly scope: Lifetime;
  readonly members: readonly string[];
  /** Milliseconds; leases run by it. */
  readonly now?: () => number;
  /** Past changes kept before they are compacted away, 20,000 by default. */
  readonly historyEvents?: number;
}

/** One member: a gRPC server on a loopback port of its own. */
export interface InProcessMember {
  readonly name: string;
  readonly clientUrl: string;
  /** Cuts its connections and closes its port, as a killed process would. */
  stop(): void;
  /** Listens again at the same port. */
  start(): Promise<void>;
}

const tickMs = 500;
const receiveBytes = 2 * 1024 * 1024;

/** Starts an etcd inside this process: members over one set of keys, in memory, without authentication. */
export async function startInProcessEtcd(options: InProcessOptions): Promise<InProcessMember[]> {
  const names = options.members;
  const shared = new KeyServer(names, options.now ?? (() => performance.now()), options.historyEvents ?? 20_000);
  const members = shared.ensemble.members.map((member) => new MemberServer(shared, member));
  const timer = setInterval(() => shared.tick(), tickMs);
  timer.unref();
  options.scope.add(() => {
    clearInterval(timer);
    members.forEach((member) => member.stop());
  });
  await Promise.all(members.map((member) => member.start()));
  return members;
}

class MemberServer implements InProcessMember {
  readonly #shared: KeyServer;
  readonly #member: EnsembleMember;
  #server: Server | null = null;
  #port = 0;

  constructor(shared: KeyServer, member: EnsembleMember) {
    this.#shared = shared;
    this.#member = member;
  }

  get name(): string {
    return this.#member.name;
  }

  get clientUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  stop(): void {
    if (!this.#server) return;
    this.#server.forceShutdown();
    this.#server = null;
    this.#shared.ensemble.stopped(this.#member);
  }

  async start(): Promise<void> {
    if (this.#server) return;
    const server = new Server({ 'grpc.max_receive_message_length': receiveBytes, 'grpc.max_send_message_length': -1 });
    const handlers = memberServices(this.#shared, this.#member);
    for (const [name, service] of Object.entries(etcdServices())) server.addService(service, handlers[name] ?? {});
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.#port}`, ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    this.#server = server;
    this.#member.url = this.clientUrl;
    this.#shared.ensemble.resumed(this.#member);
  }
}
