import { z } from 'zod';
import { fail } from '#shared/contract/problem.ts';
import { type ListedUnit, listedUnit, maxListedUnits } from './listed-unit.ts';

const row = z.object({
  unit: z.string(),
  load: z.string(),
  active: z.string(),
  sub: z.string(),
  job: z.string().optional(),
  description: z.string(),
});
const activeStates = new Set(
  'active reloading inactive failed activating deactivating maintenance refreshing'.split(' '),
);

/**
 * Reads what `systemctl list-units --all --full --plain --no-legend --output=json` printed: JSON from systemd 246 on,
 * columns before. Lines and rows of another shape are left out; throws a ProblemError (protocol) when nothing fits.
 */
export function parseListUnits(text: string): ListedUnit[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const units = trimmed.startsWith('[') ? fromJson(trimmed) : fromColumns(trimmed);
  if (units.length === 0 && trimmed !== '[]') throw fail('protocol', 'systemctl printed no list of units');
  return units;
}

function fromJson(text: string): ListedUnit[] {
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    throw fail('protocol', 'systemctl printed a broken list of units');
  }
  if (!Array.isArray(rows)) return [];
  return rows.slice(0, maxListedUnits).flatMap((each: unknown) => {
    const { data } = row.safeParse(each);
    return data
      ? (listedUnit(data.unit, data.description, data.load, data.active, data.sub, data.job ?? '') ?? [])
      : [];
  });
}

function fromColumns(text: string): ListedUnit[] {
  const units: ListedUnit[] = [];
  for (const line of text.split('\n')) {
    // A mark stands before failed units where --plain is not known.
    const found = /^\s*(?:[●*○×↻]\s+)?(\S+)\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+(.*))?$/u.exec(line);
    if (!found || units.length >= maxListedUnits) continue;
    const [, name = '', load = '', active = '', sub = '', rest = ''] = found;
    if (!activeStates.has(active)) continue;
    const unit = listedUnit(name, rest.trim(), load, active, sub, '');
    if (unit) units.push(unit);
  }
  return units;
}
