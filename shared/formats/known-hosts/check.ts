import { lowerCase, matchHostName } from '../ssh-config/pattern.ts';
import type { KnownHosts, KnownHostsEntry } from './parse.ts';

/** HMAC-SHA1 of `text` under a base64 salt, in base64: how known_hosts hashes names. */
export type HmacSha1 = (saltBase64: string, text: string) => string;

/** What known_hosts holds for a name. */
export interface KnownKeys {
  /** Plain entries (no markers), in file order. */
  readonly keys: readonly KnownHostsEntry[];
  /** Types of `keys`, each once: offer these first, or a known host may show a key of another type. */
  readonly types: readonly string[];
  /** True when a certificate authority is trusted for the name; plain keys are never checked against it. */
  readonly authority: boolean;
}

/**
 * - `match`: the key is known for this host.
 * - `changed`: a key of the same type is known, and it is another one.
 * - `other-type`: only keys of other types are known. Where `types` were offered first, treat it as changed.
 * - `revoked`: the key must not be trusted for this host, whatever else is known.
 * - `unknown`: nothing is known.
 */
export type KnownHostsVerdict = 'match' | 'changed' | 'other-type' | 'revoked' | 'unknown';

/** The name known_hosts keeps a host under: `[name]:port` off port 22. A HostKeyAlias is used as it is. */
export function knownHostsName(name: string, port: number): string {
  const lower = lowerCase(name);
  return port === 22 ? lower : `[${lower}]:${port}`;
}

/** Everything known for a name; one HMAC per hashed entry. */
export function findKnownKeys(known: KnownHosts, name: string, hmac: HmacSha1): KnownKeys {
  const fitting = known.entries.filter((entry) => names(entry, name, hmac));
  const keys = fitting.filter((entry) => entry.marker === 'none');
  return {
    keys,
    types: [...new Set(keys.map((entry) => entry.type))],
    authority: fitting.some((entry) => entry.marker === 'cert-authority'),
  };
}

/** Judges the key a host showed. `name` comes from knownHostsName or is the HostKeyAlias. */
export function checkHostKey(
  known: KnownHosts,
  name: string,
  key: { readonly type: string; readonly base64: string },
  hmac: HmacSha1,
): { readonly verdict: KnownHostsVerdict; readonly known: readonly KnownHostsEntry[] } {
  const same = (known.byKey.get(key.base64) ?? []).filter((entry) => entry.marker !== 'cert-authority');
  const fitting = same.filter((entry) => names(entry, name, hmac));
  const revoked = fitting.filter((entry) => entry.marker === 'revoked');
  if (revoked.length > 0) return { verdict: 'revoked', known: revoked };
  if (fitting.length > 0) return { verdict: 'match', known: fitting };
  const { keys } = findKnownKeys(known, name, hmac);
  if (keys.some((entry) => entry.type === key.type)) return { verdict: 'changed', known: keys };
  if (keys.length > 0) return { verdict: 'other-type', known: keys };
  // As ssh does: a key that is known for the host on port 22 is believed on another port, but never held against it.
  const plain = /^\[(.+)\]:\d+$/.exec(name)?.[1];
  if (plain === undefined) return { verdict: 'unknown', known: [] };
  const without = same.filter((entry) => names(entry, plain, hmac));
  if (without.some((entry) => entry.marker === 'revoked')) return { verdict: 'revoked', known: without };
  return without.length > 0 ? { verdict: 'match', known: without } : { verdict: 'unknown', known: [] };
}

function names(entry: KnownHostsEntry, name: string, hmac: HmacSha1): boolean {
  if ('list' in entry.names) return matchHostName(name, entry.names.list);
  return hmac(entry.names.salt, lowerCase(name)) === entry.names.hash;
}
