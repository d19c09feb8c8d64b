import type { RebootObstacle, RebootPolicy } from '#shared/contract/reboot.ts';

/** No more than so many hosts begin to go down in so long: the obstacle, until the oldest that counts is long enough ago. */
export function rateObstacle(
  { hosts, perS }: NonNullable<RebootPolicy['rate']>,
  began: readonly number[],
  now: number,
): RebootObstacle | null {
  const counted = began.filter((at) => at > now - perS * 1000).toSorted((a, b) => a - b);
  if (counted.length < hosts) return null;
  const last = counted.at(-hosts) ?? now;
  const many = `${counted.length} ${counted.length === 1 ? 'host' : 'hosts'}`;
  return {
    by: 'rate',
    text: `${many} began to go down in the last ${perS} s; no more than ${hosts} may.`,
    until: last + perS * 1000,
  };
}
