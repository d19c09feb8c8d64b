import type { LockKind } from '#shared/contract/reboot-lock.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';

/** What a lock is called: `locksmith`, `airlock, group workers`. */
export function lockName({ kind, group }: { readonly kind: LockKind; readonly group: string }): string {
  return group === '' ? kind : `${kind}, group ${cleanLine(group, 100)}`;
}
