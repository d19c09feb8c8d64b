import type { HostChange } from '#shared/contract/change.ts';
import type { HostMoved } from './calm-fleet.ts';

/** How many hosts were down at once at most. */
export function mostDown(moves: readonly HostMoved[]): number {
  const down = new Set<string>();
  let most = 0;
  for (const { host, up } of moves) {
    if (up) down.delete(host);
    else down.add(host);
    most = Math.max(most, down.size);
  }
  return most;
}

/**
 * What went otherwise than once for each host and wave after wave; one sentence each. `mayStay` are hosts whose update
 * may need no boot.
 */
export function disorder(
  hosts: readonly HostChange[],
  moves: readonly HostMoved[],
  mayStay: ReadonlySet<string>,
): string[] {
  const found: string[] = [];
  const went = new Map<string, string[]>();
  for (const { host, up, boot } of moves) if (up) went.set(host, [...(went.get(host) ?? []), boot]);
  const good = hosts.filter(({ state }) => state === 'done');
  for (const { host, work } of good) {
    const boots = went.get(host) ?? [];
    if (boots.length === 0 && mayStay.has(host) && work?.bootAfter === null) continue;
    if (boots.length !== 1) found.push(`${host} booted ${boots.length} times`);
    else if (work?.bootAfter !== boots[0]) found.push(`${host} is in another boot than the change says`);
  }
  for (const { host, state } of hosts)
    if (state === 'unchanged' && went.has(host)) found.push(`${host} had nothing to do and was booted`);
  const waves = Map.groupBy(hosts, ({ wave }) => wave);
  for (const [wave, members] of waves) {
    const before = waves.get(wave - 1) ?? [];
    const ended = Math.max(0, ...before.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY));
    for (const { host, startedAt } of members)
      if (startedAt !== null && startedAt < ended)
        found.push(`${host} of wave ${wave + 1} began before wave ${wave} ended`);
    // What the fleet itself saw, beside what the change wrote down.
    const names = new Set(members.map(({ host }) => host));
    const first = moves.find(({ host, up }) => !up && names.has(host));
    if (first && first.at < ended) found.push(`${first.host} went down before wave ${wave} ended`);
  }
  return found;
}
