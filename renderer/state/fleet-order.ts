import type { RecordOf } from '#shared/contract/records.ts';
import { healthBySeverity } from '../words/states.ts';
import { fleetColumns, type SortValue } from './fleet-columns.ts';

/** A host and what is known of it. */
export type NamedHost = readonly [name: string, host: RecordOf<'host'>];

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Compares texts the way people number machines: node2 before node10. */
export const compareNames = (a: string, b: string): number => collator.compare(a, b);

/** Hosts by one column; what is unknown comes last either way, equals are ordered by name. */
export function sortHosts(
  hosts: readonly NamedHost[],
  sort: { readonly column: string; readonly descending: boolean },
): NamedHost[] {
  const column = fleetColumns.find(({ id }) => id === sort.column);
  const sign = sort.descending ? -1 : 1;
  const keyed = hosts.map((entry) => ({ entry, key: column?.sortValue(entry[1], entry[0]) ?? null }));
  keyed.sort((a, b) => compareKeys(a.key, b.key, sign) || collator.compare(a.entry[0], b.entry[0]));
  return keyed.map(({ entry }) => entry);
}

function compareKeys(a: SortValue, b: SortValue, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return (a - b) * sign;
  return collator.compare(String(a), String(b)) * sign;
}

/** Hosts that share one value of what they are grouped by. */
export interface HostGroup {
  /** The value, as `web`; empty where the host has none. */
  readonly value: string;
  readonly hosts: readonly NamedHost[];
}

/** What a fleet can be grouped by: `state`, `os`, `channel`, `link` or `label:<key>`. */
export function groupHosts(hosts: readonly NamedHost[], groupBy: string): HostGroup[] {
  const groups = new Map<string, NamedHost[]>();
  for (const entry of hosts) {
    const value = groupValue(entry[1], groupBy);
    const group = groups.get(value);
    if (group) group.push(entry);
    else groups.set(value, [entry]);
  }
  const all = [...groups].map(([value, hosts]): HostGroup => ({ value, hosts }));
  return all.toSorted((a, b) => compareGroups(a.value, b.value, groupBy));
}

function compareGroups(a: string, b: string, groupBy: string): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
  if (groupBy === 'state') return rank(a) - rank(b);
  return collator.compare(a, b);
}

function rank(state: string): number {
  return healthBySeverity.findIndex((one) => one === state);
}

function groupValue(host: RecordOf<'host'>, groupBy: string): string {
  if (groupBy.startsWith('label:')) return host.identity?.labels[groupBy.slice(6)] ?? '';
  switch (groupBy) {
    case 'state':
      return host.health?.state ?? 'unknown';
    case 'os':
      return host.facts?.os.pretty ?? '';
    case 'channel':
      return host.facts?.channel ?? '';
    case 'link':
      return host.link?.state ?? 'idle';
    default:
      return '';
  }
}

/** Every label key of the fleet, for the menu of groupings. */
export function labelKeys(hosts: Iterable<RecordOf<'host'>>): string[] {
  const keys = new Set<string>();
  for (const host of hosts) for (const key of Object.keys(host.identity?.labels ?? {})) keys.add(key);
  return [...keys].toSorted(compareNames);
}
