import { startInProcessEtcd } from './in-process-etcd.ts';
import { findEtcd, type Lifetime, startRealEtcd } from './real-etcd.ts';

export interface DemoEtcdOptions {
  readonly scope: Lifetime;
  /** One member each, one or three; named as the hosts they should seem to run on. */
  readonly members?: readonly string[];
  /** Use the `etcd` on the PATH when there is one. */
  readonly preferReal?: boolean;
  /** Milliseconds, for the in-process one's leases. */
  readonly now?: () => number;
}

/** A running etcd on loopback that ends with its scope. */
export interface DemoEtcd {
  readonly kind: 'real' | 'in-process';
  readonly endpoints: string[];
  /** Takes a member away as if its machine had died; unknown names throw. */
  stop(member: string): Promise<void>;
  resume(member: string): Promise<void>;
}

/** Starts the demo fleet's etcd: the real one when wanted and there, else the in-process one, which speaks the same API. */
export async function startDemoEtcd(options: DemoEtcdOptions): Promise<DemoEtcd> {
  const { scope, members: names = ['etcd-1'], now } = options;
  const program = options.preferReal ? await findEtcd() : null;
  const keep = ['--auto-compaction-mode', 'revision', '--auto-compaction-retention', '20000'];
  const members = program
    ? await startRealEtcd(program, { scope, members: names, arguments: keep })
    : await startInProcessEtcd({ scope, members: names, ...(now ? { now } : {}) });
  const named = (name: string) => {
    const found = members.find((member) => member.name === name);
    if (!found) throw new Error(`the demo's etcd has no member ${name}`);
    return found;
  };
  return {
    kind: program ? 'real' : 'in-process',
    endpoints: members.map(({ clientUrl }) => clientUrl),
    stop: async (name) => await named(name).stop('SIGKILL'),
    resume: async (name) => await named(name).start(),
  };
}
