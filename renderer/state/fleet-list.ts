import type { HealthState } from '#shared/contract/host.ts';
import type { RecordOf } from '#shared/contract/records.ts';
import { type FleetFilter, readFilter } from './fleet-filter.ts';
import { groupKey } from './group-key.ts';
import { groupHosts, labelKeys, type NamedHost, sortHosts } from './fleet-order.ts';
import type { FleetQuery } from './routes.ts';
import { worstReason, type WorstReason } from './worst-reason.ts';

/** How many hosts are in each health state. */
export type HealthCounts = Readonly<Partial<Record<HealthState, number>>>;

/** A group as its heading shows it. */
export interface GroupHead {
  readonly value: string;
  /** Its hosts in order, folded away or not. */
  readonly members: readonly string[];
  readonly counts: HealthCounts;
  readonly worst: WorstReason | null;
  readonly folded: boolean;
}

/** The fleet as a view lists it: filtered, grouped, sorted. */
export interface FleetList {
  /** Host names and group keys in the order they are drawn. */
  readonly rows: readonly string[];
  readonly groups: ReadonlyMap<string, GroupHead>;
  /** Host names only, in drawn order; hosts of folded groups are not among them. */
  readonly hosts: readonly string[];
  /** All hosts that match, folded away or not. */
  readonly matched: readonly string[];
  readonly total: number;
  /** Counts of what matches apart from its state, so that a click can go from one state to another. */
  readonly counts: HealthCounts;
  readonly filter: FleetFilter;
  /** Every label key of the fleet, to group by. */
  readonly labelKeys: readonly string[];
}

/** Derives the list from all hosts. */
export function deriveFleet(
  hosts: ReadonlyMap<string, RecordOf<'host'>>,
  query: Pick<FleetQuery, 'filter' | 'groupBy' | 'sort'>,
  folded: ReadonlySet<string>,
  now: number,
): FleetList {
  const filter = readFilter(query.filter);
  const anyState: NamedHost[] = [];
  const matching: NamedHost[] = [];
  for (const entry of hosts) {
    if (!filter.matchesApartFromState(entry[1], now)) continue;
    anyState.push(entry);
    if (filter.matches(entry[1], now)) matching.push(entry);
  }
  const sorted = sortHosts(matching, query.sort);
  const base = {
    matched: sorted.map(([name]) => name),
    total: hosts.size,
    counts: countHealth(anyState),
    filter,
    labelKeys: labelKeys(hosts.values()),
  };
  if (query.groupBy === '') return { ...base, rows: base.matched, hosts: base.matched, groups: new Map() };

  const rows: string[] = [];
  const names: string[] = [];
  const groups = new Map<string, GroupHead>();
  for (const group of groupHosts(sorted, query.groupBy)) {
    const key = groupKey(group.value);
    const isFolded = folded.has(key);
    rows.push(key);
    groups.set(key, {
      value: group.value,
      members: group.hosts.map(([name]) => name),
      counts: countHealth(group.hosts),
      worst: worstReason(group.hosts),
      folded: isFolded,
    });
    if (isFolded) continue;
    for (const [name] of group.hosts) {
      rows.push(name);
      names.push(name);
    }
  }
  return { ...base, rows, hosts: names, groups };
}

/** Counts hosts by health. */
export function countHealth(hosts: Iterable<NamedHost>): HealthCounts {
  const counts: Partial<Record<HealthState, number>> = {};
  for (const [, host] of hosts) {
    const state = host.health?.state ?? 'unknown';
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

/** Whether what the list is made of changed in a way a person waits for: hosts, health or units, not mere figures. */
export function isUrgent(
  before: ReadonlyMap<string, RecordOf<'host'>>,
  after: ReadonlyMap<string, RecordOf<'host'>>,
): boolean {
  if (before.size !== after.size) return true;
  for (const [name, host] of after) {
    const old = before.get(name);
    if (!old || old.health !== host.health || old.identity !== host.identity || old.facts !== host.facts) return true;
  }
  return false;
}
