import { toProblem } from '#shared/contract/problem.ts';
import type { ServerHost } from '#shared/contract/update-server.ts';
import type { InstancePlaces } from '../join-hosts.ts';
import type { NebraskaClient } from './nebraska-client.ts';
import { instanceOf } from './read-lists.ts';
import type { WireInstance } from './wire.ts';

/** A host that asked for another group before is looked for in so many more. */
const mostPlaces = 20;

/** What the server has of one host, wherever it has it: where its settings say, or where it asked before they changed. */
export async function findInstance(
  client: NebraskaClient,
  { machineId, groups, named }: InstancePlaces,
  host: string,
): Promise<Pick<ServerHost, 'group' | 'instance'>> {
  for (const group of groups.slice(0, mostPlaces)) {
    const found = await instanceIn(client, group, machineId);
    if (!found) continue;
    // Some servers find an instance of an application under any of its groups.
    const has = groups.find(({ app, id }) => app === group.app && id === found.application?.group_id) ?? group;
    return { group: has, instance: instanceOf(found, new Map([[machineId, host]])) };
  }
  return { group: named > 0 ? (groups[0] ?? null) : null, instance: null };
}

async function instanceIn(
  client: NebraskaClient,
  { app, id }: InstancePlaces['groups'][number],
  machineId: string,
): Promise<WireInstance | null> {
  try {
    return await client.instance(app, id, machineId);
  } catch (error) {
    if (toProblem(error).code === 'not-found') return null;
    throw error;
  }
}
