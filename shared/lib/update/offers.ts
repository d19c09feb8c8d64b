import type { HostUpdate } from '../../contract/update.ts';
import type { FirstSeen } from '../../contract/update-policy.ts';
import type { HostRecord } from '../filter/fields.ts';

/** The newest version that any host of an agent and channel is offered, by `agent/channel`: agents that have not asked yet do not know of it. */
export type Offers = ReadonlyMap<string, string>;

const key = ({ agent, channel }: Pick<HostUpdate, 'agent' | 'channel'>) => `${agent}/${channel ?? ''}`;

/** What is offered over a fleet. */
export function offersOf(hosts: Iterable<Pick<HostRecord, 'update'>>): Offers {
  const offers = new Map<string, string>();
  for (const { update } of hosts) {
    if (!update?.offered || update.channel === null) continue;
    const before = offers.get(key(update));
    if (before === undefined || isNewer(update.offered, before)) offers.set(key(update), update.offered);
  }
  return offers;
}

/** The same with what was written down of versions that are offered. */
export function withOffersSeen(offers: Offers, seen: readonly FirstSeen[]): Offers {
  const all = new Map(offers);
  for (const { agent, channel, version } of seen) {
    const before = all.get(`${agent}/${channel}`);
    if (before === undefined || isNewer(version, before)) all.set(`${agent}/${channel}`, version);
  }
  return all;
}

/** What a host can be taken to: its own offer, else a newer one that others of its channel were given; null for none. */
export function offerFor(update: HostUpdate, offers: Offers): string | null {
  const own = update.offered === update.running ? null : update.offered || null;
  if (own !== null || update.channel === null) return own;
  const others = offers.get(key(update)) ?? null;
  return others !== null && isNewer(others, update.running) ? others : null;
}

/** Whether a version comes after another: part by part, by number where both are. */
export function isNewer(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) > 0;
}
