/** One hop of a ProxyJump chain as written; the name is still to be looked up in the configuration. */
export interface Jump {
  readonly user: string | null;
  readonly host: string;
  readonly port: number | null;
}

/** The last `@` parts user and host; `[…]` holds an IPv6 address; a port may follow. Null when it cannot be read. */
export function parseUserHostPort(text: string): Jump | null {
  const uri = /^ssh:\/\/([^/]*)\/?$/.exec(text);
  const spec = uri ? (uri[1] ?? '') : text;
  const at = spec.lastIndexOf('@');
  const user = at >= 0 ? spec.slice(0, at) : null;
  const parts = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(spec.slice(at + 1));
  const host = parts?.[1] ?? parts?.[2];
  const port = parts?.[3] === undefined ? null : Number(parts[3]);
  if (!host || user === '' || /[\s/]/.test(host) || (port !== null && (port < 1 || port > 65535))) return null;
  return { user, host, port };
}

/** Reads a ProxyJump value: `none` is an empty chain, null a value that ssh would refuse. Hops are visited in order. */
export function parseProxyJump(value: string): Jump[] | null {
  const text = (value.split('#')[0] ?? '').trim();
  if (text.toLowerCase() === 'none') return [];
  const hops = text.split(',').map((part) => parseUserHostPort(part.trim()));
  return hops.every((hop) => hop !== null) ? hops : null;
}

/** Writes a hop the way ProxyJump takes it. */
export function printJump(jump: Jump): string {
  const host = jump.host.includes(':') ? `[${jump.host}]` : jump.host;
  return `${jump.user === null ? '' : `${jump.user}@`}${host}${jump.port === null ? '' : `:${jump.port}`}`;
}
