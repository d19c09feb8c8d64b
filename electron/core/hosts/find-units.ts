import type { UnitsOfHost } from '../probes/units/count-units.ts';

/** A unit over the fleet: where it is loaded, and how it is there. */
export interface UnitOverHosts {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly active: number;
  readonly failed: number;
}

/**
 * The units whose name holds a text, over the lists of all hosts: the one that is called so first, then those that begin so,
 * services before others, and what most hosts have before what few have.
 */
export function findUnits(lists: Iterable<UnitsOfHost>, text: string, most: number): UnitOverHosts[] {
  const needle = text.trim().toLowerCase();
  if (needle === '') return [];
  const found = new Map<string, { name: string; hosts: string[]; active: number; failed: number } | null>();
  for (const [host, units] of lists) {
    for (const { name, load, active } of units ?? []) {
      let tally = found.get(name);
      // Nearly every host has the same names, so each is compared once.
      if (tally === undefined) {
        tally = name.toLowerCase().includes(needle) ? { name, hosts: [], active: 0, failed: 0 } : null;
        found.set(name, tally);
      }
      if (tally === null || load === 'not-found') continue;
      tally.hosts.push(host);
      if (active === 'active') tally.active++;
      if (active === 'failed') tally.failed++;
    }
  }
  return [...found.values()]
    .flatMap((tally) => (tally !== null && tally.hosts.length > 0 ? [tally] : []))
    .toSorted((a, b) => rank(a.name, needle) - rank(b.name, needle) || b.hosts.length - a.hosts.length || compare(a, b))
    .slice(0, most);
}

function rank(name: string, needle: string): number {
  const lower = name.toLowerCase();
  if (lower === needle || lower === `${needle}.service`) return 0;
  return (lower.startsWith(needle) ? 1 : 3) + (lower.endsWith('.service') ? 0 : 1);
}

function compare(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
