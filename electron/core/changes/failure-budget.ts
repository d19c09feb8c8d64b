import type { HostChange } from '#shared/contract/change.ts';
import { countsAsFailed } from '#shared/lib/change/verbs.ts';

/**
 * Why no further host may begin, or null: more failed than may, or of one it is not known. What a person accepted does not
 * count any more.
 */
export function overBudget(hosts: Iterable<HostChange>, budget: number): string | null {
  const all = [...hosts];
  const failed = all.filter(countsAsFailed);
  const unsure = failed.find(({ state }) => state === 'inconclusive');
  if (unsure) return `${unsure.host}: ${unsure.text}`;
  if (failed.length <= budget) return null;
  const [first] = failed;
  const others = failed.length > 1 ? ` and ${failed.length - 1} more` : '';
  const accepted = all.filter((host) => host.accepted !== null).length;
  const beside = accepted > 0 ? `, beside ${accepted} accepted` : '';
  return `${first?.host}${others}: ${first?.text || first?.state} (${budget === 0 ? 'none' : budget} may fail${beside})`;
}
