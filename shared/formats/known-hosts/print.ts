import { fail } from '#shared/contract/problem.ts';
import { lowerCase } from '../ssh-config/pattern.ts';
import type { HmacSha1 } from './check.ts';
import type { KnownHosts } from './parse.ts';

/**
 * The line (with its line feed) that makes a key known for a name. With `hash`, the name is written hashed under the
 * given 20-byte base64 salt. Rejects names and keys that would not come back as one line.
 */
export function knownHostsLine(
  name: string,
  key: { readonly type: string; readonly base64: string },
  hash: { readonly salt: string; readonly hmac: HmacSha1 } | null,
): string {
  const plain = lowerCase(name);
  if (!/^[^\s,*?!#|@]+$/.test(plain)) throw fail('invalid-input', 'this name cannot be written to known_hosts');
  if (!/^[A-Za-z0-9@.-]+$/.test(key.type) || !/^[A-Za-z0-9+/]+={0,2}$/.test(key.base64))
    throw fail('invalid-input', 'this key cannot be written to known_hosts');
  const names = hash === null ? plain : `|1|${hash.salt}|${hash.hmac(hash.salt, plain)}`;
  return `${names} ${key.type} ${key.base64}\n`;
}

/** Whether names are kept hashed in these entries: then new ones should be hashed too. */
export function keepsNamesHashed(known: KnownHosts): boolean {
  return known.entries.some((entry) => 'salt' in entry.names);
}
