/**
 * Simulated hosts that nothing befalls by itself, in a process of their own, which tells by itself what became of each:
 * `calm-fleet.ts HOSTS FOLDER DOWNLOAD_S`; ends with its input. A line of JSON for each time that a host goes or comes.
 */
import { z } from 'zod';
import { Scope } from '#core/lib/scope.ts';
import { runFleet } from '#demo/fleet/run-fleet.ts';

/** A host went down or came up, and the boot it was in then. */
export const hostMoved = z.object({ host: z.string(), up: z.boolean(), boot: z.string(), at: z.number() });
export type HostMoved = z.infer<typeof hostMoved>;

/** What is told once it runs. */
export const calmFleet = z.object({ clusterFile: z.string(), etcd: z.array(z.string()) });

if (import.meta.main) {
  const [hosts = '500', dir = '', downloadS = '20'] = process.argv.slice(2);
  const scope = new Scope('calm fleet');
  const told = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const options = { hosts: Number(hosts), dir, seed: 1, preferRealEtcd: true, stories: false };
  const { clusterFile, world, etcd } = await runFleet({ ...options, scope });
  for (const host of world.hosts) {
    host.engine.downloadMs = Number(downloadS) * 1000;
    host.onNetwork((network) => {
      const moved: HostMoved = { host: host.spec.name, up: network === 'up', boot: host.boot.id, at: Date.now() };
      told(moved);
    });
  }
  told({ clusterFile, etcd: etcd?.endpoints ?? [] });
  process.stdin.resume().on('end', () => {
    void scope.end().then(() => process.exit(0));
  });
}
