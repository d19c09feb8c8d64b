import type { Problem } from '#shared/contract/problem.ts';
import type { UnitsItem } from '#shared/contract/streams.ts';
import type { Unit } from '#shared/contract/unit.ts';
import { useStream } from '../../state/use-stream.ts';

/** Every unit of a host by name, live; null until the first list has come. */
export type UnitsByName = ReadonlyMap<string, Unit>;

/** The units with one item of the stream applied. */
export function withUnits(units: UnitsByName | null, item: UnitsItem): UnitsByName {
  const next = new Map(item.reset ? [] : units);
  for (const unit of item.changed) next.set(unit.name, unit);
  for (const name of item.removed) next.delete(name);
  return next;
}

/** Follows the units of a host; what is held stays, with the problem, when the stream ends. */
export function useUnits(host: string): { readonly units: UnitsByName | null; readonly problem: Problem | null } {
  const { held, problem } = useStream({ kind: 'units', host }, withUnits);
  return { units: held, problem };
}
