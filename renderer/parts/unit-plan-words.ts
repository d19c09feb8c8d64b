import type { Problem } from '#shared/contract/problem.ts';
import type { UnitPlan } from '#shared/contract/unit.ts';
import { count } from '../words/amounts.ts';
import { verbWords } from './unit-verbs.ts';

/** What the confirm button says: `Restart web.service on 11 hosts, 1 left out`. */
export function confirmWords({ verb, unit, steps, leftOut }: UnitPlan): string {
  const target = steps.length === 1 ? steps[0]?.host : count(steps.length, 'host');
  const without = leftOut.length === 0 ? '' : `, ${leftOut.length.toLocaleString('en')} left out`;
  return `${verbWords[verb]} ${unit} on ${target}${without}`;
}

/** The left-out hosts gathered by what their reason says, the most frequent first. */
export function sameReasons(leftOut: Readonly<UnitPlan['leftOut']>): { hosts: string[]; reason: Problem }[] {
  const groups = Map.groupBy(leftOut, ({ reason }) => reason.message);
  return [...groups.values()]
    .flatMap((same) => (same[0] ? [{ hosts: same.map(({ host }) => host), reason: same[0].reason }] : []))
    .toSorted((a, b) => b.hosts.length - a.hosts.length);
}
