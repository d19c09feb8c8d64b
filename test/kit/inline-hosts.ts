import { MessageChannel } from 'node:worker_threads';
import type { StartHosts } from '#core/hosts/hosts.ts';
import { hostsOver } from '#core/hosts/hosts-over.ts';
import { serveHosts } from '#core/hosts/serve-hosts.ts';

/** `startHosts` without a thread, so that a test can step through both sides. */
export const startHostsInline: StartHosts = (options, events) => {
  const { port1, port2 } = new MessageChannel();
  serveHosts(port2, () => {});
  return hostsOver(port1, options, events, () => {
    port1.close();
    return Promise.resolve();
  });
};
