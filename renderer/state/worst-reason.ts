import type { HealthReason, HealthState } from '#shared/contract/host.ts';
import { healthBySeverity } from '../words/states.ts';
import type { NamedHost } from './fleet-order.ts';

/** What is worst among hosts, and on which of them. */
export interface WorstReason {
  readonly state: HealthState;
  readonly text: string;
  readonly hosts: readonly string[];
}

const worth: readonly HealthState[] = healthBySeverity.slice(0, healthBySeverity.indexOf('attention') + 1);

/** Of the gravest state among hosts the reason that most of them have; null when none needs a person. */
export function worstReason(hosts: readonly NamedHost[]): WorstReason | null {
  for (const state of worth) {
    const found = new Map<string, { text: string; hosts: string[] }>();
    for (const [name, { health }] of hosts) {
      const reason = health?.state === state ? health.reasons.find((one) => one.state === state) : undefined;
      if (!reason) continue;
      const same = found.get(keyOf(reason));
      if (same) same.hosts.push(name);
      else found.set(keyOf(reason), { text: reason.text, hosts: [name] });
    }
    const [worst] = [...found.values()].toSorted((a, b) => b.hosts.length - a.hosts.length);
    if (worst) return { state, ...worst };
  }
  return null;
}

/** The same trouble on two hosts, whatever its figures. */
function keyOf({ code, subject }: HealthReason): string {
  return `${code} ${subject}`;
}
