import type { ServerGroup, ServerPolicy } from '#shared/contract/update-server.ts';
import { type HttpAddress, parseHttpAddress } from './http-address.ts';

/** From so many a period on, Nebraska counts nothing. */
export const unlimitedUpdates = 900_000;

/** What an architecture's number stands for. */
export function archWords(arch: number): string {
  return ['all architectures', 'amd64', 'arm64', 'x86'][arch] ?? `architecture ${arch}`;
}

/** A server's policy in one sentence. */
export function policySentence(policy: ServerPolicy): string {
  if (!policy.updatesEnabled) return 'Updates are disabled.';
  const many = policy.maxUpdatesPerPeriod;
  const pace =
    many >= unlimitedUpdates && !policy.safeMode
      ? 'Any number at once'
      : `${many} every ${policy.periodInterval}, no more than ${many} at once`;
  const hours = policy.officeHours ? `, Monday to Friday 09:00 to 17:00 ${policy.timeZone}` : '';
  const safe = policy.safeMode ? ' One goes first; the rest stops when it fails.' : '';
  return `${pace}${hours}.${safe}`;
}

/** The groups that Flatcar's own names stand for, which machines may send in place of a track. */
const flatcarTracks: Readonly<Record<string, string>> = {
  '5b810680-e36a-4879-b98a-4f989e80b899': 'alpha',
  'e641708d-fb48-4260-8bdf-ba2074a1147a': 'alpha',
  '3fe10490-dd73-4b49-b72a-28ac19acfcdc': 'beta',
  'd112ec01-ba34-4a9e-9d4b-9814a685f266': 'beta',
  '9a2deb70-37be-4026-853f-bfdd6b347bbe': 'stable',
  '11a585f6-9418-4df0-8863-78b2fd3240f8': 'stable',
  '72834a2b-ad86-4d6d-b498-e08a19ebe54e': 'edge',
  'b4b2fa22-c1ea-498c-a8ac-c1dc0b1d7c17': 'edge',
};

/** Whether a host that names `channel` as its group asks for this group; an architecture that is not known fits any. */
export function asksForGroup(
  channel: string,
  group: Pick<ServerGroup, 'id' | 'track'>,
  arch: { readonly host: string; readonly group: number | null },
): boolean {
  if (arch.group !== null && arch.group > 0 && arch.host !== '' && archNumber(arch.host) !== arch.group) return false;
  const asked = channel.trim().replaceAll(/^\{|\}$/g, '');
  return asked !== '' && (asked === group.track || asked === group.id || flatcarTracks[asked] === group.track);
}

function archNumber(machine: string): number {
  if (/^(x86_64|x86-64|amd64)$/.test(machine)) return 1;
  if (/^(aarch64|arm64)$/.test(machine)) return 2;
  return /^i[3-6]86$/.test(machine) ? 3 : 0;
}

/**
 * Whether the address that a host asks for updates is one of this server. Machines inside may ask over http what people
 * reach over https: the name decides, and the port unless both are the usual ones.
 */
export function isServedBy(hostServer: string | null, serverUrl: string): boolean {
  const asked = parseHttpAddress(hostServer?.trim() ?? '');
  const server = parseHttpAddress(serverUrl);
  if (!asked || !server || asked.host !== server.host) return false;
  const usual = ({ port, secure }: HttpAddress) => port === (secure ? 443 : 80);
  return (asked.port === server.port || (usual(asked) && usual(server))) && asked.path.startsWith(`${server.path}/`);
}
