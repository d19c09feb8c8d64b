import type { Records } from '#core/fleet/records.ts';
import type { ServerChannel, ServerGroup, UpdateServer } from '#shared/contract/update-server.ts';
import { asksForGroup, isServedBy } from '#shared/lib/update/server-words.ts';

/** The hosts of the cluster by their machine id, as far as they were read. */
export function hostsByMachineId(records: Records): ReadonlyMap<string, string> {
  const byId = new Map<string, string>();
  for (const host of records.ids('host')) {
    const machineId = plainMachineId(records.get('host', host, 'facts')?.machineId ?? '');
    if (machineId !== '') byId.set(machineId, host);
  }
  return byId;
}

/** Omaha sends the machine id without dashes; servers keep what they were sent. */
export function plainMachineId(id: string): string {
  return id.toLowerCase().replaceAll(/[-{}]/g, '');
}

/** Where an instance of the server is looked for: its id, and the groups, the likeliest first. */
export interface InstancePlaces {
  readonly machineId: string;
  readonly groups: readonly GroupOfServer[];
  /** So many of the first are what the host's settings name. */
  readonly named: number;
}

export interface GroupOfServer {
  readonly app: string;
  readonly id: string;
  readonly name: string;
  readonly updatesEnabled: boolean;
}

/** Where the server would have a host; null where the host's settings name another server, or either was not read. */
export function placesOf(
  records: Records,
  { url, apps }: Pick<UpdateServer, 'url' | 'apps'>,
  host: string,
): InstancePlaces | null {
  const update = records.get('host', host, 'update');
  const facts = records.get('host', host, 'facts');
  const machineId = plainMachineId(facts?.machineId ?? '');
  if (!update || machineId === '' || apps.length === 0 || !isServedBy(update.server, url)) return null;
  const all = apps.flatMap(({ id: app, groups, channels }) =>
    groups.map((group) => {
      const channel = channels.find(({ id }) => id === group.channel);
      const arch = { host: facts?.architecture ?? '', group: channel?.arch ?? null };
      const { id, name, policy } = group;
      const place = { app, id, name, updatesEnabled: policy.updatesEnabled };
      return { place, named: asksForGroup(update.channel ?? '', group, arch) };
    }),
  );
  const named = all.filter((one) => one.named);
  const groups = [...named, ...all.filter((one) => !one.named)].map(({ place }) => place);
  return { machineId, groups, named: named.length };
}

/** Hosts whose own settings say that they ask this server for this group, and who are not among those it heard of. */
export function unheardHosts(
  records: Records,
  url: string,
  { group, channel }: { readonly group: ServerGroup; readonly channel: ServerChannel | null },
  heard: ReadonlySet<string>,
): { host: string; why: string }[] {
  const unheard: { host: string; why: string }[] = [];
  for (const host of records.ids('host')) {
    const update = records.get('host', host, 'update');
    const facts = records.get('host', host, 'facts');
    if (!update || heard.has(host) || !isServedBy(update.server, url)) continue;
    const arch = { host: facts?.architecture ?? '', group: channel?.arch ?? null };
    if (!asksForGroup(update.channel ?? '', group, arch)) continue;
    const why =
      update.agentState === 'running'
        ? 'Its settings name this server and this group, and the server did not hear of it in the last day.'
        : `Its update agent is ${update.agentState}, so it does not ask.`;
    unheard.push({ host, why });
  }
  return unheard;
}
