/** A host as people write it on one line. */
export interface Target {
  readonly user: string | null;
  readonly host: string;
  readonly port: number | null;
}

/** Whether a text is an IPv6 address, perhaps with a zone: `fd00::1`, `fe80::1%eth0`. */
export function isIpv6(text: string): boolean {
  const [address = '', zone] = text.split('%', 2);
  if (zone !== undefined && !/^[A-Za-z0-9._-]+$/.test(zone)) return false;
  if (!/^[0-9A-Fa-f:.]+$/.test(address)) return false;
  const colons = address.split(':').length - 1;
  return colons <= 7 && (address.includes('::') || colons === (address.includes('.') ? 6 : 7));
}

/** Reads `[user@]host[:port]`, `[user@][IPv6]:port` or a bare IPv6 address; null when it is none of them. */
export function parseTarget(text: string): Target | null {
  const at = text.lastIndexOf('@');
  const user = at < 0 ? null : text.slice(0, at);
  const rest = text.slice(at + 1);
  if (user !== null && !/^[^\s@:/,]+$/.test(user)) return null;
  if (isIpv6(rest)) return { user, host: rest, port: null };
  const parts = /^(?:\[([^[\]]+)\]|([^\s:[\]/@,]+))(?::(\d{1,5}))?$/.exec(rest);
  const host = parts?.[1] ?? parts?.[2];
  const port = parts?.[3] === undefined ? null : Number(parts[3]);
  if (!host || host.length > 253 || (port !== null && (port < 1 || port > 65535))) return null;
  return parts?.[1] !== undefined && !isIpv6(host) ? null : { user, host, port };
}
