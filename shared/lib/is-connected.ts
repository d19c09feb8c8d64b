import type { HostLink } from '../contract/host.ts';

/** There is a connection over which a host can be asked and driven: one that is only slow to speak is still there. */
export function isConnected(link: Pick<HostLink, 'state'> | null | undefined): boolean {
  return link?.state === 'up' || link?.state === 'degraded';
}

/** It is being connected for the first time, or again after a loss, and has not failed yet. */
export function isOnItsWay(link: Pick<HostLink, 'state' | 'attempts'>): boolean {
  return link.attempts === 0 && (link.state === 'idle' || link.state === 'connecting' || link.state === 'lost');
}
