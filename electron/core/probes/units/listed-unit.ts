import { cleanLine } from '#shared/lib/clean-text.ts';
import type { BusValue } from '../../dbus/bus.ts';

/** One row of a unit list, from the bus or from systemctl: cleaned and bounded. `job` is empty when none is queued. */
export interface ListedUnit {
  readonly name: string;
  readonly description: string;
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  readonly job: string;
}

/** Rows taken from one list; a host with more is not believed. */
export const maxListedUnits = 20_000;
const maxNameLength = 255;
const maxTextLength = 300;
const maxKnownTexts = 20_000;
const knownTexts = new Map<string, string>();

/** A row of words in this order: name, description, load, active, sub, job. Null when the name is empty. */
export function listedUnit(
  name: string,
  description: string,
  load: string,
  active: string,
  sub: string,
  job: string,
): ListedUnit | null {
  if (name === '' || name.length > maxNameLength) return null;
  return {
    name: sharedText(name),
    description: sharedText(description),
    load: sharedText(load),
    active: sharedText(active),
    sub: sharedText(sub),
    job: sharedText(job),
  };
}

/** The rows of a ListUnits answer, a(ssssssouso); rows of another shape are left out. */
export function listedUnits(answer: BusValue | undefined): ListedUnit[] {
  const units: ListedUnit[] = [];
  if (!Array.isArray(answer)) return units;
  for (const row of answer.slice(0, maxListedUnits)) {
    if (!Array.isArray(row)) continue;
    const [name, description, load, active, sub, , , , job] = row;
    const unit = listedUnit(word(name), word(description), word(load), word(active), word(sub), word(job));
    if (unit) units.push(unit);
  }
  return units;
}

function word(value: BusValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/**
 * The cleaned text, one string for all hosts: a fleet's units have the same names and descriptions on every host, and
 * 1,000 hosts would otherwise hold them 1,000 times.
 */
export function sharedText(text: string): string {
  const known = knownTexts.get(text);
  if (known !== undefined) return known;
  const clean = cleanLine(text, maxTextLength);
  if (text.length > maxTextLength) return clean;
  if (knownTexts.size >= maxKnownTexts) knownTexts.clear();
  knownTexts.set(text, clean);
  return clean;
}
