import type { Records } from '#core/fleet/records.ts';
import type { ServerChannel, ServerGroup } from '#shared/contract/update-server.ts';
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
