import type { HostUpdate } from '../../contract/update.ts';
import type { ServerHost, ServerStatus } from '../../contract/update-server.ts';
import { agoWords, type NextStep, type Verdict, verdict } from './condition.ts';

/** What a server has an instance doing, as part of a sentence. */
const doing: Readonly<Record<ServerStatus, string>> = {
  undefined: 'nothing known of an update',
  complete: 'its last update complete',
  granted: 'an update granted',
  downloading: 'an update being downloaded',
  downloaded: 'an update downloaded',
  installed: 'an update installed that waits for its reboot',
  'on-hold': 'its update on hold',
  error: 'its last update failed',
};

/** What the update server last heard of a host, in a sentence. */
export function heardByServer({ instance }: Pick<ServerHost, 'instance'>, now: number): string {
  if (!instance) return 'The update server never heard of it.';
  const { lastCheckAt, version, status } = instance;
  const when = lastCheckAt === null ? 'at a time that it does not tell' : agoWords(lastCheckAt, now);
  return `The update server heard of it ${when}: it ran ${version || 'an unknown version'}, ${doing[status]}.`;
}

/** How the update server stands to a host that asks it. */
export function byServer(seen: ServerHost, { channel }: HostUpdate, now: number): Verdict {
  const { group, instance } = seen;
  const next: NextStep | null = group && {
    label: 'Look at its group there',
    leads: 'update-server',
    app: group.app,
    group: group.id,
  };
  const from = { source: seen.url, readAt: seen.readAt, next };
  const heard = heardByServer(seen, now);
  if (!group)
    return verdict('stops', `The update server has no group ${channel ?? ''}, so it offers the host nothing.`, from);
  if (!group.updatesEnabled)
    return verdict('stops', `Updates of its group ${group.name} are disabled on the update server. ${heard}`, from);
  if (instance?.status === 'on-hold')
    return verdict('stops', `The policy of group ${group.name} lets no more hosts update now. ${heard}`, from);
  if (!instance || instance.status === 'error') return verdict('stops', heard, from);
  return verdict('ok', heard, from);
}
