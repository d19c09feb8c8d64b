import type { HostLink } from '../contract/host.ts';

/** There is a connection over which a host can be asked and driven: one that is only slow to speak is still there. */
export function isConnected(link: Pick<HostLink, 'state'> | null | undefined): boolean {
  return link?.state === 'up' || link?.state === 'degraded';
}
