import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { Scope } from '#core/lib/scope.ts';
import { runFleet } from './fleet/run-fleet.ts';

/** What the starting thread gives along. */
const order = z.object({
  hosts: z.int().min(1).max(2000),
  dir: z.string().min(1),
  seed: z.int(),
  preferRealEtcd: z.boolean(),
});

const port = parentPort;
if (!port) throw new Error('the demo worker runs as a worker thread only');

const scope = new Scope('demo');
port.once('message', () => {
  scope.end().then(
    () => port.close(),
    (error: unknown) => {
      port.postMessage({ kind: 'failed', message: String(error) });
      port.close();
    },
  );
});

try {
  const { clusterFile, etcd } = await runFleet({ ...order.parse(workerData), scope });
  port.postMessage({ kind: 'ready', clusterFile, etcd: etcd?.kind ?? 'none' });
} catch (error) {
  await scope.end();
  port.postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  port.close();
}
