import type { RecordOf } from '#shared/contract/records.ts';
import { compareNames } from '../state/fleet-order.ts';

/** A host that a text found, and what of it did. */
export interface FoundHost {
  readonly name: string;
  readonly host: RecordOf<'host'>;
  /** What matched when it was not the name, else its address. */
  readonly why: string;
}

/** The hosts a text finds by name, address, label or failed unit: names that begin with it first, then names that hold it. */
export function findHosts(hosts: ReadonlyMap<string, RecordOf<'host'>>, text: string, most: number): FoundHost[] {
  const needle = text.trim().toLowerCase();
  if (needle === '') return [];
  const found: { rank: number; at: FoundHost }[] = [];
  for (const [name, host] of hosts) {
    const address = host.identity?.address ?? '';
    const lower = name.toLowerCase();
    if (lower.includes(needle))
      found.push({ rank: lower.startsWith(needle) ? 0 : 1, at: { name, host, why: address } });
    else {
      const why = otherMatch(host, needle);
      if (why !== null) found.push({ rank: 2, at: { name, host, why } });
    }
  }
  found.sort((a, b) => a.rank - b.rank || compareNames(a.at.name, b.at.name));
  return found.slice(0, most).map(({ at }) => at);
}

function otherMatch(host: RecordOf<'host'>, needle: string): string | null {
  const address = host.identity?.address ?? '';
  if (address.toLowerCase().includes(needle)) return address;
  for (const [key, value] of Object.entries(host.identity?.labels ?? {})) {
    const label = `${key}=${value}`;
    if (label.toLowerCase().includes(needle)) return label;
  }
  const unit = host.units?.failed.find(({ name }) => name.toLowerCase().includes(needle));
  return unit ? `${unit.name} failed` : null;
}
