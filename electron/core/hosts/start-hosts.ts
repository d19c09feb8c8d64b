import type { StartHosts } from './hosts.ts';
import { hostsOver } from './hosts-over.ts';

const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './hosts-worker.mjs', import.meta.url);

/** Small young generation: hundreds of connections made at once leave little behind, and memory once taken is kept. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

/** Starts the worker thread in which all SSH of one cluster happens. */
export const startHosts: StartHosts = (options, events) =>
  hostsOver(workerUrl, { name: 'quarterdeck hosts', resourceLimits }, options, events);
