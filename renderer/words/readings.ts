import type { RecordOf } from '#shared/contract/records.ts';
import { isConnected } from '#shared/lib/is-connected.ts';
import { span } from './times.ts';

/** Facts and disks are read every two minutes: what is older than this missed two readings. */
const oldAfterMs = 300_000;

/**
 * Why a host's facts or disks are not those of now, as `disks not read for 4 min: the reading timed out after 20 s`;
 * null while they are. What a lost connection leaves old is said of the whole host, not here.
 */
export function oldReading(host: RecordOf<'host'>, what: 'facts' | 'disks', now: number): string | null {
  if (!isConnected(host.link)) return null;
  const failure = host.readings?.[what] ?? null;
  const readAt = host[what]?.readAt ?? null;
  if (failure === null && (readAt === null || now - readAt <= oldAfterMs)) return null;
  const age = readAt === null ? `${what} never read` : `${what} not read for ${span(now - readAt)}`;
  return failure === null ? age : `${age}: ${failure.reason}`;
}
