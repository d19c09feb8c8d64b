import type { Unit } from '#shared/contract/unit.ts';
import type { ListedUnit } from './listed-unit.ts';

const mostKnown = 20_000;
const known = new Map<string, Unit>();

/**
 * A unit that was found as it is, one object for all hosts on which it is the same: of a fleet's units nearly all are,
 * and 1,000 hosts would otherwise hold 150,000 of them. Never to be written to.
 */
export function sharedUnit({ name, description, load, active, sub, job }: ListedUnit): Unit {
  const key = `${name}\n${description}\n${load}\n${active}\n${sub}\n${job}`;
  let unit = known.get(key);
  if (unit) return unit;
  if (known.size >= mostKnown) known.clear();
  unit = Object.freeze({ name, description, load, active, sub, job, since: null });
  known.set(key, unit);
  return unit;
}
