import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { fail } from '#shared/contract/problem.ts';
import type { DemoFleet } from '#core/index.ts';
import type { Log } from '#core/lib/log.ts';

export interface DemoFleetOptions {
  /** 1 to 2,000. */
  readonly hosts: number;
  /** A folder for cluster file, key and known_hosts, made when it is missing; older ones are replaced. */
  readonly dir: string;
  readonly log: Log;
  /** The same seed gives the same hosts and, counted from the start, the same events. Default 1. */
  readonly seed?: number;
  /** Use the `etcd` on the PATH when there is one. Default true. */
  readonly preferRealEtcd?: boolean;
}

const told = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), clusterFile: z.string(), etcd: z.enum(['real', 'in-process', 'none']) }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);

/** Below the source it is TypeScript; the build puts it beside the bundle that holds this module. */
const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './demo-worker.mjs', import.meta.url);
const patienceMs = 10_000;

/** Starts the simulated fleet in a thread of its own; resolves once every host can be logged in to. Rejects with ProblemError. */
export async function startDemoFleet(options: DemoFleetOptions): Promise<DemoFleet> {
  const { hosts, dir, log, seed = 1, preferRealEtcd = true } = options;
  const worker = new Worker(workerUrl, { name: 'demo', workerData: { hosts, dir, seed, preferRealEtcd } });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const ready = await new Promise<z.infer<typeof told>>((resolve) => {
    worker.once('message', (message: unknown) => {
      const { data } = told.safeParse(message);
      resolve(data ?? { kind: 'failed', message: 'its thread spoke nonsense' });
    });
    worker.once('error', (error) =>
      resolve({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
    );
    worker.once('exit', () => resolve({ kind: 'failed', message: 'its thread ended' }));
  });
  if (ready.kind === 'failed') {
    await worker.terminate();
    throw fail('internal', `the demo fleet did not start: ${ready.message}`);
  }
  log.info('the demo fleet runs', { hosts, etcd: ready.etcd });
  let ending = false;
  worker.on('error', (error) => log.error('the demo fleet broke', { error: String(error) }));
  worker.once('exit', () => {
    if (!ending) log.error('the demo fleet ended by itself');
  });
  worker.unref();
  return {
    clusterFile: ready.clusterFile,
    end: async () => {
      ending = true;
      worker.ref();
      worker.postMessage('end');
      const late = setTimeout(() => void worker.terminate(), patienceMs);
      await exited;
      clearTimeout(late);
    },
  };
}
