import { toProblem } from '#shared/contract/problem.ts';
import {
  type ServerActivity,
  type ServerInstance,
  serverEvents,
  type ServerPackage,
  type ServerStatus,
} from '#shared/contract/update-server.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { compareVersions } from '#shared/lib/update/compare-versions.ts';
import { plainMachineId } from '../join-hosts.ts';
import type { NebraskaClient } from './nebraska-client.ts';
import type { WireInstance } from './wire.ts';

const mostInstances = 5000;
const mostPackages = 500;
const mostFloors = 200;
const mostEntries = 200;
const activityMs = 7 * 86_400_000;

/** By the server's numbers; null and 1 are instances of which nothing is known. */
const statuses: Readonly<Record<number, ServerStatus>> = {
  2: 'granted',
  3: 'error',
  4: 'complete',
  5: 'installed',
  6: 'downloaded',
  7: 'downloading',
  8: 'on-hold',
};
const severities = ['unknown', 'success', 'info', 'warning', 'error'] as const;

/** The instances of a group that were heard of in the last day, each with the host that has its machine id. */
export async function readInstances(
  client: NebraskaClient,
  { app, group }: { readonly app: string; readonly group: string },
  hosts: ReadonlyMap<string, string>,
): Promise<{ instances: ServerInstance[]; total: number }> {
  const { items, total } = await client.instances(app, group, mostInstances);
  return { instances: items.map((item) => instanceOf(item, hosts)), total };
}

/** An instance as the window is told of it, with the host that has its machine id. */
export function instanceOf(item: WireInstance, hosts: ReadonlyMap<string, string>): ServerInstance {
  const doing = item.application;
  return {
    id: item.id,
    alias: cleanLine(item.alias, 256),
    ip: cleanLine(item.ip, 100),
    oem: cleanLine(item.oem, 100),
    version: cleanLine(doing?.version ?? '', 100),
    status: statuses[doing?.status ?? 1] ?? 'undefined',
    lastCheckAt: doing?.last_check_for_updates ?? null,
    grantedAt: doing?.last_update_granted_ts ?? null,
    grantedVersion: cleanLine(doing?.last_update_version ?? '', 100),
    inProgress: doing?.update_in_progress ?? false,
    host: hosts.get(plainMachineId(item.id)) ?? null,
  };
}

/** An application's packages, the newest first, with the channels that pin them as floors where the server knows floors. */
export async function readPackages(
  client: NebraskaClient,
  app: string,
  channels: readonly string[],
): Promise<{ packages: ServerPackage[]; total: number }> {
  const [{ items, total }, floors] = await Promise.all([
    client.packages(app, mostPackages),
    Promise.all(channels.map(async (channel) => ({ channel, ids: await floorsOf(client, channel) }))),
  ]);
  const packages = items.map((item) => ({
    id: item.id,
    version: cleanLine(item.version, 100),
    arch: item.arch,
    type: item.type,
    url: cleanLine(item.url, 1000),
    filename: cleanLine(item.filename, 255),
    description: cleanLine(item.description, 500),
    bytes: item.size,
    createdAt: item.created_ts,
    barredFrom: item.channels_blacklist,
    floorOf: floors.filter(({ ids }) => ids.has(item.id)).map(({ channel }) => channel),
  }));
  return { packages: packages.toSorted(newestFirst), total };
}

function newestFirst(a: ServerPackage, b: ServerPackage): number {
  return (b.createdAt ?? 0) - (a.createdAt ?? 0) || (compareVersions(b.version, a.version) ?? 0);
}

/** Servers of before floors know no such address. */
async function floorsOf(client: NebraskaClient, channel: string): Promise<ReadonlySet<string>> {
  try {
    const { items } = await client.floors(channel, mostFloors);
    return new Set(items.map(({ id }) => id));
  } catch (error) {
    const { code } = toProblem(error);
    if (code === 'not-found' || code === 'refused') return new Set();
    throw error;
  }
}

/** What the server wrote down of the last seven days. */
export async function readActivity(
  client: NebraskaClient,
  of: { readonly app: string | null; readonly group: string | null },
  hosts: ReadonlyMap<string, string>,
  now: number,
): Promise<{ entries: ServerActivity[]; total: number }> {
  const query = {
    start: new Date(now - activityMs).toISOString(),
    end: new Date(now + 60_000).toISOString(),
    ...(of.app === null ? {} : { appIDorProductID: of.app }),
    ...(of.group === null ? {} : { groupID: of.group }),
  };
  const { items, total } = await client.activity(query, mostEntries);
  const entries = items.map(
    (item): ServerActivity => ({
      at: item.created_ts,
      event: serverEvents[item.class - 1] ?? 'unknown',
      severity: severities[item.severity] ?? 'unknown',
      app: cleanLine(item.application_name, 200),
      group: cleanLine(item.group_name, 200),
      channel: cleanLine(item.channel_name, 200),
      version: cleanLine(item.version, 100),
      instance: cleanLine(item.instance_id, 256),
      host: hosts.get(plainMachineId(item.instance_id)) ?? null,
    }),
  );
  return { entries: entries.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0)), total };
}
