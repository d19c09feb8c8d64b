import type { HostChange } from '#shared/contract/change.ts';

/** A host of which nothing was written down yet. */
export function waitingHost(host: string, wave: number): HostChange {
  return { host, wave, state: 'waiting', text: '', attempt: 1, evidence: [], startedAt: null, endedAt: null };
}
