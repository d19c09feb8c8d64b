/** A host of the inventory with every name and address it is known by. */
export interface KnownHost {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** What a member says of itself, and the endpoint it answered at. */
export interface MemberPlace {
  readonly name: string;
  readonly clientUrls: readonly string[];
  readonly peerUrls: readonly string[];
  readonly endpoint: string | null;
}

/** The host that a member runs on: by an address only it has, else by name; null when nothing tells, or several would fit. */
export function hostOfMember(member: MemberPlace, hosts: readonly KnownHost[]): string | null {
  const urls = [...member.clientUrls, ...member.peerUrls, ...(member.endpoint === null ? [] : [member.endpoint])];
  const addresses = new Set(urls.map(urlHost).filter((host) => host !== '' && !isLocal(host)));
  const byAddress = only(hosts, (host) => host.addresses.some((address) => addresses.has(address.toLowerCase())));
  if (byAddress) return byAddress.name;
  const name = member.name.toLowerCase();
  if (name === '') return null;
  const byName = only(hosts, (host) => host.name.toLowerCase() === name);
  return (byName ?? only(hosts, (host) => firstLabel(host.name) === firstLabel(name)))?.name ?? null;
}

/** The host of a URL in lower case without brackets; empty when it is none. */
export function urlHost(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '').toLowerCase() : '';
}

/** True for addresses that mean "this machine" or "any": they name no host. */
export function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '::' || host === '0.0.0.0' || host.startsWith('127.');
}

function only(hosts: readonly KnownHost[], fits: (host: KnownHost) => boolean): KnownHost | null {
  const found = hosts.filter(fits);
  return found.length === 1 ? (found[0] ?? null) : null;
}

function firstLabel(name: string): string {
  return name.toLowerCase().split('.')[0] ?? '';
}
