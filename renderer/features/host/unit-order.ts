import type { Unit } from '#shared/contract/unit.ts';
import type { UnitQuery } from '../../state/routes.ts';

/** The types worth a button of their own, the rest is under `all`. */
export const unitTypes = ['service', 'timer', 'socket', 'mount', 'target', 'all'] as const;

const collator = new Intl.Collator('en', { numeric: true });
const order = ['failed', 'activating', 'deactivating', 'reloading', 'active', 'inactive'];

/** Units that match, the failed first, then by name. */
export function orderUnits(units: Iterable<Unit>, filter: UnitQuery): Unit[] {
  const text = filter.text.trim().toLowerCase();
  const shown: Unit[] = [];
  for (const unit of units) {
    if (filter.type !== 'all' && !unit.name.endsWith(`.${filter.type}`)) continue;
    if (filter.active !== null && unit.active !== filter.active) continue;
    if (text !== '' && !unit.name.toLowerCase().includes(text) && !unit.description.toLowerCase().includes(text))
      continue;
    shown.push(unit);
  }
  return shown.toSorted((a, b) => rank(a) - rank(b) || collator.compare(a.name, b.name));
}

/** How many units are in each active state, of those that match apart from it. */
export function countActive(units: Iterable<Unit>, filter: UnitQuery): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const unit of orderUnits(units, { ...filter, active: null })) {
    counts.set(unit.active, (counts.get(unit.active) ?? 0) + 1);
  }
  return new Map([...counts].toSorted((a, b) => place(a[0]) - place(b[0])));
}

// Only what failed is lifted out of the alphabet: a unit must not jump about while it is being restarted.
function rank(unit: Unit): number {
  return unit.active === 'failed' ? 0 : 1;
}

function place(active: string): number {
  const at = order.indexOf(active);
  return at === -1 ? order.length : at;
}
