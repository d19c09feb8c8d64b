import { healthStates, linkStates } from '#shared/contract/host.ts';
import { healthSigns, linkSigns } from '../../words/states.ts';

/** What a group of hosts is called: the value they share, in words. */
export function groupTitle(value: string, groupBy: string): string {
  const label = groupBy.startsWith('label:') ? groupBy.slice(6) : null;
  if (label !== null) return value === '' ? `no ${label}` : `${label}=${value}`;
  if (value === '') return groupBy === 'os' ? 'OS not known' : `${groupBy} not known`;
  const health = groupBy === 'state' ? healthStates.find((state) => state === value) : undefined;
  const link = groupBy === 'link' ? linkStates.find((state) => state === value) : undefined;
  return health ? healthSigns[health].word : link ? linkSigns[link].word : value;
}
