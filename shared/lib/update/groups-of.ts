import type { UpdatePolicy } from '../../contract/update-policy.ts';
import { compileFilter, type HostPredicate } from '../filter/compile-filter.ts';
import type { HostRecord } from '../filter/fields.ts';
import { parseFilter } from '../filter/parse-filter.ts';

/** What of a policy decides who is in its group. */
export type Selecting = Pick<UpdatePolicy, 'group' | 'selector' | 'members' | 'order'>;

/** Groups in the order in which they are looked at. */
export function inOrder<T extends Selecting>(policies: readonly T[]): T[] {
  return policies.toSorted((a, b) => a.order - b.order || (a.group < b.group ? -1 : 1));
}

/** Tells the group of a host: the one that has it as a member, else the first whose selector finds it, else null. */
export function groupsBy(policies: readonly Selecting[]): (host: HostRecord, nowMs: number) => string | null {
  const ordered = inOrder(policies);
  const memberOf = new Map<string, string>();
  for (const { group, members } of ordered)
    for (const member of members) if (!memberOf.has(member)) memberOf.set(member, group);
  const selectors = ordered.map(({ group, selector }) => ({ group, fits: selectorOf(selector) }));
  return (host, nowMs) =>
    memberOf.get(host.identity?.name ?? '') ?? selectors.find(({ fits }) => fits(host, nowMs))?.group ?? null;
}

/** A text that is no filter selects nobody: half a filter would select far more than was meant. */
function selectorOf(text: string): HostPredicate {
  const { terms, errors } = parseFilter(text);
  return errors.length > 0 || terms.length === 0 ? () => false : compileFilter(terms);
}
