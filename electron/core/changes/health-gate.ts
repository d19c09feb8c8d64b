import type { HealthState } from '#shared/contract/host.ts';
import { fail } from '#shared/contract/problem.ts';
import { isConnected } from '#shared/lib/is-connected.ts';
import type { GateAsked, GateHost } from './gates.ts';

/** From good to bad. What is down on purpose is no worse than anything. */
const order: readonly HealthState[] = [
  'down-on-purpose',
  'healthy',
  'updating',
  'unknown',
  'attention',
  'failing',
  'unreachable',
];
/** Samples of a host that is looked at come every two seconds. */
const longestMs = 12_000;
const stepMs = 250;

/**
 * Whether Quarterdeck judges the host no worse than before, once it has heard of it anew: what it knew as the change was made
 * says nothing of it. A host that is worse has the same time to get over it. Rejects with `lost` where it cannot be reached then.
 */
export async function askHealth(before: string, host: GateHost): Promise<GateAsked> {
  const { access, records, now, sleep, watch } = host;
  const from = now();
  const stop = watch(access.host);
  try {
    const read = <S extends 'health' | 'load' | 'link'>(section: S) => records.get('host', access.host, section);
    for (;;) {
      // Where no samples can be read, units and the link are told as they change.
      const heard = (read('load')?.readAt ?? 0) > from || read('link')?.sampler === 'none';
      const health = read('health');
      const state = health?.state ?? 'unknown';
      const text = `${before} before, ${state} now`;
      if (heard && rank(state) <= rank(before)) return { verdict: 'pass', text };
      if (now() - from > longestMs) {
        const link = read('link');
        if (link && !isConnected(link)) throw fail('lost', `${text}; it cannot be reached now`);
        if (!heard) return { verdict: 'inconclusive', text: `${text}; nothing new was heard of it since the change` };
        const why = health?.reasons[0]?.text;
        const worse = why ? `${text}: ${why}` : text;
        return { verdict: before === 'unknown' && state === 'attention' ? 'inconclusive' : 'fail', text: worse };
      }
      await sleep(stepMs);
    }
  } finally {
    stop();
  }
}

function rank(state: string): number {
  const at = order.findIndex((one) => one === state);
  return at < 0 ? order.indexOf('unknown') : at;
}
