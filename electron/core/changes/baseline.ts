import type { HostChange } from '#shared/contract/change.ts';
import type { GateBaseline } from './gates.ts';

/** What gates compare with, out of a host's evidence, where it was written before the host was touched. */
export function baselineOf(evidence: HostChange['evidence']): GateBaseline {
  const found = /^system (.*), (\S+)$/.exec(evidence.find(({ step }) => step === 'before')?.text ?? '');
  return { system: found?.[1] ?? '', health: found?.[2] ?? 'unknown' };
}
