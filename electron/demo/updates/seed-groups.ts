import { groupsBy } from '#shared/lib/update/groups-of.ts';
import { dayOf, type SpreadCount, withSample } from '#shared/lib/update/spread.ts';
import type { SpreadDay } from '#shared/contract/update-spread.ts';
import { putKeys } from '../etcd/put-keys.ts';
import { part } from '../world/chance.ts';
import { type Release, upcoming } from '../world/release.ts';
import type { HostSpec } from '../world/roster.ts';
import { fleetGroups } from './fleet-groups.ts';

const root = '/quarterdeck/v1/';
const dayMs = 24 * 3_600_000;
const daysBack = 30;

/** How long ago the channels of Flatcar began to offer what they offer. */
const offeredDaysAgo: Readonly<Record<string, number>> = { stable: 12, beta: 12, alpha: 5 };

/** What a release's hosts ran before it. */
const earlier: Readonly<Record<string, string>> = {
  '4593.2.1': '4593.2.0',
  '4593.2.0': '4547.3.2',
  '4694.1.0': '4656.1.1',
  '4799.0.0': '4757.0.0',
  '43.20261019.3.0': '43.20260928.3.1',
  '43.20260928.3.1': '43.20260831.3.0',
  '43.20261102.2.0': '43.20261019.2.0',
  '44.20261109.1.0': '44.20261026.1.0',
  '13.2': '13.1',
  '12.12': '12.11',
};

/** Puts the team's update groups, and a month of which versions ran where. Rejects when etcd does not take them. */
export async function seedGroups(endpoint: string, hosts: readonly HostSpec[], now: number): Promise<void> {
  const policies = fleetGroups(now);
  const kept = policies.map((policy, at): [string, unknown] => [
    `update-groups/${policy.group}`,
    { v: 1, policy, by: 'lena@ops', at: now - (9 + at * 4) * dayMs },
  ]);
  const seen = Object.values(upcoming).map(({ channel, version }) => ({
    agent: 'update-engine',
    channel: channel ?? '',
    version,
    at: now - (offeredDaysAgo[channel ?? ''] ?? 1) * dayMs,
    lastDay: dayOf(now - dayMs),
    offeredDay: dayOf(now - dayMs),
  }));
  seen.push({
    agent: 'rpm-ostree',
    channel: 'stable',
    version: '43.20261109.3.0',
    at: now - 9 * dayMs,
    lastDay: dayOf(now - dayMs),
    offeredDay: dayOf(now - dayMs),
  });
  const pairs: [string, unknown][] = [
    ...kept,
    ['update-spread/first-seen', { v: 1, versions: seen }],
    ...spreadOf(hosts, now).map(([day, spread]): [string, unknown] => [`update-spread/${day}`, spread]),
  ];
  await putKeys(
    endpoint,
    pairs.map(([key, value]) => [root + key, JSON.stringify(value)]),
  );
}

function spreadOf(hosts: readonly HostSpec[], now: number): [string, SpreadDay][] {
  const groupOf = groupsBy(fleetGroups(now));
  const known = hosts.map((spec) => {
    const { name, role, release, seed } = spec;
    const identity = { name, address: spec.address, port: 22, user: '', jump: [], labels: { role } };
    // What asks for a channel is answered here, as no agent was read yet.
    const isCanary = release.channel !== null && release.channel !== 'stable';
    const group = isCanary ? 'canary' : (groupOf({ identity }, now) ?? '');
    return { group, release, movedDaysAgo: 2 + Math.floor(part(seed, 9) * 24) };
  });
  const days = new Map<string, SpreadDay>();
  for (let ago = daysBack; ago >= 1; ago--) {
    const counts = new Map<string, SpreadCount>();
    for (const { group, release, movedDaysAgo } of known) {
      const version = ago > movedDaysAgo ? (earlier[release.version] ?? release.version) : release.version;
      const one = { group, agent: agentOf(release), channel: release.channel ?? '', version };
      const key = JSON.stringify(one);
      counts.set(key, { ...one, hosts: (counts.get(key)?.hosts ?? 0) + 1 });
    }
    const at = now - ago * dayMs;
    const day = withSample(null, { at, counts: [...counts.values()] });
    if (day) days.set(dayOf(at), day);
  }
  return [...days];
}

function agentOf({ family }: Release): string {
  return { flatcar: 'update-engine', 'fedora-coreos': 'rpm-ostree', debian: 'apt' }[family];
}
