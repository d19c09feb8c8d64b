import '../ssh/cipher-keys.ts';
import { parentPort } from 'node:worker_threads';
import type { FromWorker } from './messages.ts';
import { serveHosts } from './serve-hosts.ts';

// The entry of the one thread in which all SSH happens.
if (!parentPort) throw new Error('this file runs as a worker thread only');
const port = parentPort;

// Every connection keeps a few small buffers for good; cut from Node's 64 KiB slabs, a handful of them hold a slab each.
Buffer.poolSize = 1024;

// One host's odd behaviour must not take the connections to all others down; its own is found dead by its silence.
process.on('uncaughtException', (error: unknown) => {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  port.postMessage([{ type: 'fault', what }] satisfies FromWorker[]);
});
serveHosts(port, () => {});
