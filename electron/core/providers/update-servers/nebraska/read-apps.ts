import { toProblem } from '#shared/contract/problem.ts';
import type { ServerApp, ServerChannel, ServerGroup } from '#shared/contract/update-server.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { NebraskaClient } from './nebraska-client.ts';
import type { WireApp, WireChannel, WireGroup } from './wire.ts';

const mostApps = 20;
const mostGroups = 100;
const mostChannels = 200;
const mostVersions = 50;

/** Everything that the overview shows, and in sentences what there is more of. */
export async function readApps(
  client: NebraskaClient,
  wanted: string | null,
): Promise<{ apps: ServerApp[]; leftOut: string[] }> {
  const leftOut: string[] = [];
  const found =
    wanted === null
      ? await client.apps(mostApps)
      : await client.app(wanted).then((app) => ({ items: [app], total: 1 }));
  if (found.total > found.items.length)
    leftOut.push(`The server has ${found.total} applications; the first ${found.items.length} are shown.`);
  const apps = await Promise.all(found.items.map((app) => readApp(client, app, leftOut)));
  return { apps, leftOut };
}

async function readApp(client: NebraskaClient, app: WireApp, leftOut: string[]): Promise<ServerApp> {
  const [groups, channels] = await Promise.all([
    client.groups(app.id, mostGroups),
    client.channels(app.id, mostChannels),
  ]);
  const name = cleanLine(app.name, 200);
  for (const [what, { items, total }] of [
    ['groups', groups],
    ['channels', channels],
  ] as const)
    if (total > items.length) leftOut.push(`${name} has ${total} ${what}; the first ${items.length} are shown.`);
  return {
    id: app.id,
    productId: app.product_id,
    name,
    description: cleanLine(app.description, 500),
    instances: app.instances?.count ?? 0,
    groups: await Promise.all(groups.items.map((group) => readGroup(client, app.id, group))),
    channels: channels.items.map(channelOf),
  };
}

async function readGroup(client: NebraskaClient, app: string, group: WireGroup): Promise<ServerGroup> {
  const [stats, versions] = await Promise.all([
    orNull(client.stats(app, group.id)),
    orNull(client.versions(app, group.id)),
  ]);
  return {
    id: group.id,
    name: cleanLine(group.name, 200),
    description: cleanLine(group.description, 500),
    track: cleanLine(group.track, 200),
    rolloutInProgress: group.rollout_in_progress,
    channel: group.channel_id,
    policy: {
      updatesEnabled: group.policy_updates_enabled,
      safeMode: group.policy_safe_mode,
      officeHours: group.policy_office_hours,
      timeZone: cleanLine(group.policy_timezone, 100),
      periodInterval: cleanLine(group.policy_period_interval, 100),
      maxUpdatesPerPeriod: group.policy_max_updates_per_period,
      updateTimeout: cleanLine(group.policy_update_timeout, 100),
    },
    stats: stats && {
      total: stats.total,
      by: {
        undefined: stats.undefined,
        complete: stats.complete,
        granted: stats.update_granted,
        downloading: stats.downloading,
        downloaded: stats.downloaded,
        installed: stats.installed,
        'on-hold': stats.onhold,
        error: stats.error,
      },
    },
    versions: (versions ?? [])
      .slice(0, mostVersions)
      .map(({ version, instances }) => ({ version: cleanLine(version, 100), instances })),
  };
}

/** A channel as the window is told of it. */
export function channelOf(channel: WireChannel): ServerChannel {
  return {
    id: channel.id,
    name: cleanLine(channel.name, 200),
    color: /^#[0-9a-f]{6}$/i.test(channel.color) ? channel.color.toLowerCase() : '',
    arch: channel.arch,
    package: channel.package_id,
    version: channel.package ? cleanLine(channel.package.version, 100) : null,
  };
}

/** Counts of one group that fail do not hide the rest; a server that is gone fails as a whole. */
async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    const { code } = toProblem(error);
    if (code === 'protocol' || code === 'not-found' || code === 'refused') return null;
    throw error;
  }
}
