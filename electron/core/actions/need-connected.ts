import { fail } from '#shared/contract/problem.ts';
import { isConnected } from '#shared/lib/is-connected.ts';
import type { Records } from '../fleet/records.ts';

/** Throws `unreachable` with the reason where nothing can be asked of a host now. */
export function needConnected(records: Records, host: string): void {
  const link = records.get('host', host, 'link');
  if (isConnected(link)) return;
  throw fail('unreachable', `not connected: ${link?.reason || (link?.state ?? 'not tried yet')}`, { host });
}
