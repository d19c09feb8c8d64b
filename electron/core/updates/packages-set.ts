import { createHash } from 'node:crypto';
import type { UpdatePolicy } from '#shared/contract/update-policy.ts';
import type { HostRecord } from '#shared/lib/filter/fields.ts';

/** Names what waits on a host now, a reboot for what was installed included; null where it is not known well enough. */
export function packageCover(
  host: string,
  { update, facts }: HostRecord,
  only: UpdatePolicy['packages'],
): string | null {
  const { pending, rebootNeeded } = update ?? {};
  if (!pending) return null;
  const waits = only === 'security' ? pending.security : pending.total;
  const set = only === 'security' ? pending.securitySet : pending.set;
  if (waits > 0) return set === undefined ? null : short(`${host} ${set}`);
  return rebootNeeded && facts ? short(`${host} boot ${facts.bootId}`) : null;
}

/** By which a claim names all of these. */
export function packagesName(covers: readonly string[]): string {
  return `packages-${short(covers.join(' '))}`;
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
