import type { CountedUnits } from '#shared/contract/unit.ts';

export type CountedUnit = CountedUnits['units'][number];

/** Types of units that have a button of their own; the rest is under `all`. */
export const types: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'service', label: 'Services' },
  { value: 'timer', label: 'Timers' },
  { value: 'socket', label: 'Sockets' },
  { value: 'mount', label: 'Mounts' },
  { value: 'target', label: 'Targets' },
  { value: 'all', label: 'All' },
];

const collator = new Intl.Collator('en', { numeric: true });

/** Units that match: the failed first, then by name, so that none jumps about while its counts change. */
export function orderCounts(
  units: readonly CountedUnit[],
  filter: { readonly text: string; readonly state: string | null },
): CountedUnit[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = ({ states }: CountedUnit) => ((states['failed'] ?? 0) > 0 ? 0 : 1);
  return units
    .filter(({ name, description, states }) => {
      if (filter.state !== null && (states[filter.state] ?? 0) === 0) return false;
      const all = `${name} ${description}`.toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .toSorted((a, b) => rank(a) - rank(b) || collator.compare(a.name, b.name));
}

/** How many units have any host in each state, the failed first. */
export function unitsByState(units: readonly CountedUnit[]): [state: string, units: number][] {
  const counts = new Map<string, number>();
  for (const { states } of units)
    for (const state of Object.keys(states)) counts.set(state, (counts.get(state) ?? 0) + 1);
  const order = ['failed', 'activating', 'deactivating', 'reloading', 'active', 'inactive'];
  const place = (state: string) => (order.includes(state) ? order.indexOf(state) : order.length);
  return [...counts].toSorted(([a], [b]) => place(a) - place(b));
}
