import type { HealthState } from '#shared/contract/host.ts';
import { type FilterChip, filterChips, toggleTerm } from '#shared/lib/filter/chips.ts';
import { compileFilter, type HostPredicate } from '#shared/lib/filter/compile-filter.ts';
import type { FilterTerm } from '#shared/lib/filter/filter-tree.ts';
import { parseFilter } from '#shared/lib/filter/parse-filter.ts';

/** A filter text made ready for many hosts; terms that cannot be understood do not count and say why. */
export interface FleetFilter {
  readonly chips: readonly FilterChip[];
  readonly matches: HostPredicate;
  /** As if no state were asked for: what the counts by state count. */
  readonly matchesApartFromState: HostPredicate;
}

/** Reads a filter text. */
export function readFilter(text: string): FleetFilter {
  const { terms } = parseFilter(text);
  return {
    chips: filterChips(text),
    matches: compileFilter(terms),
    matchesApartFromState: compileFilter(terms.filter((term) => !asksForState(term))),
  };
}

/** The text with a health state asked for instead of any other; without it when it already is. */
export function toggleState(text: string, state: HealthState): string {
  return toggleTerm(text, { negated: false, condition: { kind: 'text', field: 'state', values: [state] } });
}

/** The health states that a text asks for; empty for any. */
export function askedStates(text: string): readonly string[] {
  return parseFilter(text)
    .terms.filter(asksForState)
    .flatMap(({ condition }) => (condition.kind === 'text' ? condition.values : []));
}

function asksForState({ negated, condition }: FilterTerm): boolean {
  return !negated && condition.kind === 'text' && condition.field === 'state';
}
