import '../ssh/cipher-keys.ts';
import { parentPort } from 'node:worker_threads';
import { serveHosts } from './serve-hosts.ts';

// The entry of the one thread in which all SSH happens.
if (!parentPort) throw new Error('this file runs as a worker thread only');
serveHosts(parentPort, () => {});
