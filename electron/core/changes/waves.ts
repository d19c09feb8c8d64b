import type { WavePolicy } from '#shared/contract/change.ts';

/**
 * Splits hosts into waves: every host once, in waves no larger than the policy says, a last one for the rest. With
 * `spreadOver` each wave takes from the label's values in turn, so that no zone or rack goes all at once.
 */
export function splitWaves(
  hosts: readonly string[],
  policy: Pick<WavePolicy, 'waves' | 'spreadOver'>,
  labelOf: (host: string, label: string) => string,
): string[][] {
  const order = policy.spreadOver === null ? [...hosts] : inTurn(hosts, policy.spreadOver, labelOf);
  const waves: string[][] = [];
  let at = 0;
  for (const { size, unit } of policy.waves) {
    // Rounded twice: 8.8 % of 375 is a hair more than 33 in floating point.
    const share = Number(((hosts.length * size) / 100).toFixed(6));
    const count = Math.max(1, unit === 'hosts' ? Math.floor(size) : Math.ceil(share));
    const wave = order.slice(at, at + count);
    if (wave.length > 0) waves.push(wave);
    at += count;
  }
  if (at < order.length) waves.push(order.slice(at));
  return waves;
}

/** One host of each value, then the next of each, until all are in. */
function inTurn(hosts: readonly string[], label: string, labelOf: (host: string, label: string) => string): string[] {
  const groups = new Map<string, string[]>();
  for (const host of hosts) {
    const value = labelOf(host, label);
    const group = groups.get(value);
    if (group) group.push(host);
    else groups.set(value, [host]);
  }
  const order: string[] = [];
  for (let round = 0; order.length < hosts.length; round++) {
    for (const group of groups.values()) {
      const host = group[round];
      if (host !== undefined) order.push(host);
    }
  }
  return order;
}
