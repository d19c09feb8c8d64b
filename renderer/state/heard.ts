import type { RecordOf } from '#shared/contract/records.ts';

/** When a host last said anything, epoch ms by the core's clock; null before its first word. */
export function heardAt(host: RecordOf<'host'>): number | null {
  const times = [host.link?.heardAt, host.load?.readAt].filter((at) => typeof at === 'number');
  return times.length === 0 ? null : Math.max(...times);
}

/**
 * Whether a host's values are too old to be shown as live. A disabled link is quiet by wish and its state says so, but
 * what was read before is old all the same.
 */
export function isStale(host: RecordOf<'host'>, now: number, silentSeconds: number): boolean {
  return quietSince(host, now, silentSeconds) !== null;
}

/** When a host that is quiet by now was last heard: what was counting then counts no further. Null while it speaks. */
export function quietSince(host: RecordOf<'host'>, now: number, silentSeconds: number): number | null {
  const at = heardAt(host);
  return at !== null && now - at > silentSeconds * 1000 ? at : null;
}
