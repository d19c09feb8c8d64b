import type { HostChange } from '#shared/contract/change.ts';

/** A host of which nothing was written down yet. */
export function waitingHost(host: string, wave: number): HostChange {
  const nothing = { text: '', attempt: 1, evidence: [], startedAt: null, endedAt: null, accepted: null };
  return { host, wave, state: 'waiting', ...nothing };
}
