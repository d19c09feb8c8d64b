/** A host as people write it on one line. */
export interface Target {
  readonly user: string | null;
  readonly host: string;
  readonly port: number | null;
}

/** Reads `[user@]host[:port]`, `[user@][IPv6]:port` or a bare IPv6 address; null when it is none of them. */
export function parseTarget(text: string): Target | null {
  const at = text.lastIndexOf('@');
  const user = at < 0 ? null : text.slice(0, at);
  const rest = text.slice(at + 1);
  if (user !== null && !/^[^\s@:/,]+$/.test(user)) return null;
  const bare = /^[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]+)?$/.test(rest);
  if (bare) return { user, host: rest, port: null };
  const parts = /^(?:\[([0-9A-Fa-f:.]+(?:%[A-Za-z0-9._-]+)?)\]|([^\s:[\]/@,]+))(?::(\d{1,5}))?$/.exec(rest);
  const host = parts?.[1] ?? parts?.[2];
  const port = parts?.[3] === undefined ? null : Number(parts[3]);
  if (!host || host.length > 253 || (port !== null && (port < 1 || port > 65535))) return null;
  return { user, host, port };
}
