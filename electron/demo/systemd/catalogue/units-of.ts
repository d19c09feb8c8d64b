import type { HostSpec } from '../../world/roster.ts';
import type { UnitKind } from '../unit-kind.ts';
import { commonUnits } from './common.ts';
import { familyUnits } from './families.ts';
import { roleUnits } from './roles.ts';

const known = new Map<string, ReadonlyMap<string, UnitKind>>();

/** The units of a host by name; one map for all hosts of the same system and role. */
export function unitsOf(spec: HostSpec): ReadonlyMap<string, UnitKind> {
  const { family } = spec.release;
  const key = `${family} ${spec.role}`;
  const found = known.get(key);
  if (found) return found;
  const kinds = [...commonUnits, ...familyUnits[family], ...roleUnits[spec.role]];
  const units = new Map(kinds.map((kind) => [kind.name, kind] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
  known.set(key, units);
  return units;
}
