import { type HostRecord, type TextField, textFields } from './fields.ts';

/** What the hosts of a fleet have, for completion; each list sorted, without repeats. */
export interface KnownValues {
  readonly names: readonly string[];
  /** Values by label; labels sorted as well. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
  /** Units that failed or could not be loaded anywhere. */
  readonly units: readonly string[];
  readonly text: ReadonlyMap<TextField, readonly string[]>;
}

const free = (Object.keys(textFields) as TextField[]).filter((field) => textFields[field].values === null);

/** Gathers what there is to complete with. */
export function knownValues(hosts: Iterable<HostRecord>): KnownValues {
  const names = new Set<string>();
  const units = new Set<string>();
  const labels = new Map<string, Set<string>>();
  const text = new Map<TextField, Set<string>>();
  for (const host of hosts) {
    if (host.identity) names.add(host.identity.name);
    for (const [key, value] of Object.entries(host.identity?.labels ?? {})) into(labels, key).add(value);
    for (const { name } of [...(host.units?.failed ?? []), ...(host.units?.loadErrors ?? [])]) units.add(name);
    // No field of free text changes with the time.
    for (const field of free) for (const value of textFields[field].read(host, 0)) into(text, field).add(value);
  }
  return {
    names: sorted(names),
    units: sorted(units),
    labels: new Map(sorted(labels.keys()).map((key) => [key, sorted(labels.get(key) ?? [])])),
    text: new Map([...text].map(([key, values]) => [key, sorted(values)])),
  };
}

function into<K>(map: Map<K, Set<string>>, key: K): Set<string> {
  let values = map.get(key);
  if (!values) {
    values = new Set();
    map.set(key, values);
  }
  return values;
}

function sorted(values: Iterable<string>): string[] {
  return [...values].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
