import ssh2 from 'ssh2';
import type { Scope } from '#core/lib/scope.ts';
import { seedLocks } from '../etcd/seed-locks.ts';
import { seedDocuments } from '../documents/seed-documents.ts';
import type { DemoEtcd } from '../etcd/start-demo-etcd.ts';
import { startDemoEtcd } from '../etcd/start-demo-etcd.ts';
import { machineIdOf } from '../files/system-files.ts';
import { makeKeyPair } from '../ssh/key-pair.ts';
import { HostServer } from '../ssh/serve-host.ts';
import type { WorldClock } from '../world/clock.ts';
import { realClock } from '../world/clock.ts';
import { seedGroups } from '../updates/seed-groups.ts';
import { tellStories } from '../world/stories.ts';
import { openWorld, type World } from '../world/world.ts';
import { type ServedHost, writeFleetFiles } from './fleet-files.ts';

export interface RunFleetOptions {
  readonly hosts: number;
  readonly dir: string;
  readonly seed: number;
  /** Use the `etcd` on the PATH when there is one. */
  readonly preferRealEtcd: boolean;
  /** False: hosts live, but nothing befalls them. Default true. */
  readonly stories?: boolean;
  readonly clock?: WorldClock;
  readonly scope: Scope;
}

/** A fleet that runs in this thread until its scope ends. */
export interface RunningFleet {
  readonly clusterFile: string;
  readonly world: World;
  readonly etcd: DemoEtcd | null;
}

/** Who may log in: with the fleet's key, `core` as on Flatcar and Fedora CoreOS. */
export const fleetUser = 'core';

/** Starts world, SSH servers and etcd in this thread, and writes the files that lead to them. */
export async function runFleet(options: RunFleetOptions): Promise<RunningFleet> {
  const { scope, dir } = options;
  const clock = options.clock ?? realClock;
  const world = openWorld({ hosts: options.hosts, seed: options.seed, clock });
  scope.add(() => world.end());
  const clientKey = makeKeyPair();
  const parsed = ssh2.utils.parseKey(clientKey.publicKey);
  if (parsed instanceof Error || Array.isArray(parsed)) throw new Error('the key just made cannot be read');
  const served: ServedHost[] = [];
  for (const host of world.hosts) {
    const key = makeKeyPair();
    const server = new HostServer(host, { hostKey: key.privateKey, clientKey: parsed, users: [fleetUser, 'root'] });
    scope.add(() => server.close());
    served.push({ spec: host.spec, port: await server.listen(), publicKey: key.publicKey });
  }
  const members = world.hosts.filter(({ spec }) => spec.role === 'etcd').map(({ spec }) => spec.name);
  const etcd =
    members.length >= 3
      ? await startDemoEtcd({ scope, members: members.slice(0, 3), preferReal: options.preferRealEtcd })
      : null;
  // A member goes down and comes up with its host.
  for (const host of world.hosts.filter(({ spec }) => members.slice(0, 3).includes(spec.name))) {
    let wasOff = false;
    host.onNetwork((network) => {
      if (network === 'off' || wasOff)
        void (network === 'off' ? etcd?.stop(host.spec.name) : etcd?.resume(host.spec.name))?.catch(() => {});
      wasOff = network === 'off';
    });
  }
  const [endpoint] = etcd?.endpoints ?? [];
  if (endpoint !== undefined) {
    await seedDocuments(endpoint, clock.now());
    await seedGroups(
      endpoint,
      world.hosts.map(({ spec }) => spec),
      clock.now(),
    );
    const zincati = world.hosts.find(({ spec }) => spec.release.family === 'fedora-coreos');
    await seedLocks(endpoint, zincati ? machineIdOf(zincati.spec) : null);
  }
  const { clusterFile } = await writeFleetFiles({
    dir,
    user: fleetUser,
    hosts: served,
    clientKey,
    etcdEndpoints: etcd?.endpoints ?? [],
  });
  if (options.stories !== false) tellStories(world, etcd);
  return { clusterFile, world, etcd };
}
