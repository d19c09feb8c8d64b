import type { UnitsItem } from '#shared/contract/streams.ts';
import type { HostUnits, Unit } from '#shared/contract/unit.ts';
import { type ListedUnit, maxListedUnits } from './listed-unit.ts';
import { sharedUnit } from './shared-unit.ts';

/** States of loading that a person must know about; `not-found` only counts while the unit still does something. */
const loadErrors = new Set(['error', 'bad-setting']);
const maxNamed = 200;

/**
 * All units of one host and what changed since it was last told. A unit's `since` is the time at which a change was seen,
 * by the console's clock, or what systemd said; a state that was simply found has none.
 */
export class UnitTable {
  readonly #units = new Map<string, Unit>();
  #filesChanged = 0;
  readonly #now: () => number;
  #changed = new Set<string>();
  #removed = new Set<string>();
  #undated = new Set<string>();
  #reset = true;

  constructor(now: () => number) {
    this.#now = now;
  }

  has(name: string): boolean {
    return this.#units.has(name);
  }

  units(): Unit[] {
    return [...this.#units.values()];
  }

  /** systemd said that unit files changed. */
  filesChanged(): void {
    this.#filesChanged++;
  }

  get timesFilesChanged(): number {
    return this.#filesChanged;
  }

  /** Takes a whole list: what it lacks is removed. */
  replace(listed: readonly ListedUnit[]): void {
    const names = new Set<string>();
    for (const unit of listed) {
      names.add(unit.name);
      this.#take(unit, null);
    }
    for (const name of this.#units.keys()) if (!names.has(name)) this.remove(name);
  }

  /** Takes one unit as it is now. One that was not loaded before and is up has just come up; one that is down may long be. */
  put(listed: ListedUnit): void {
    this.#take(listed, listed.active === 'inactive' ? null : this.#now());
  }

  #take(listed: ListedUnit, sinceOfNew: number | null): void {
    const known = this.#units.get(listed.name);
    if (known ? isSame(known, listed) : this.#units.size >= maxListedUnits) return;
    const since = !known ? sinceOfNew : known.active === listed.active ? known.since : this.#now();
    this.#units.set(listed.name, since === null ? sharedUnit(listed) : { ...listed, since });
    this.#changed.add(listed.name);
    this.#removed.delete(listed.name);
    if (since === null && listed.active === 'failed') this.#undated.add(listed.name);
  }

  /** Units that were found failed; only the host knows since when. Each is named once. */
  takeUndated(most: number): string[] {
    const names = [...this.#undated].slice(0, most);
    this.#undated.clear();
    return names;
  }

  /** Learns since when (epoch ms) a unit has been as it was found; what changed meanwhile or lies in the future is left alone. */
  date(name: string, active: string, since: number): void {
    const known = this.#units.get(name);
    if (known?.active !== active || known.since !== null || since > this.#now()) return;
    this.#units.set(name, { ...known, since });
    this.#changed.add(name);
  }

  /** Changes some fields of a known unit; an unknown one is ignored. */
  change(name: string, fields: Partial<Omit<ListedUnit, 'name'>>): void {
    const known = this.#units.get(name);
    if (known) this.put({ ...withoutSince(known), ...fields });
  }

  remove(name: string): void {
    if (!this.#units.delete(name)) return;
    this.#changed.delete(name);
    this.#removed.add(name);
  }

  /** The changes since the last call; the first one carries the whole list. */
  take(): UnitsItem {
    const reset = this.#reset;
    const changed = reset ? this.units() : [...this.#changed].flatMap((name) => this.#units.get(name) ?? []);
    const removed = reset ? [] : [...this.#removed];
    this.#reset = false;
    this.#changed = new Set();
    this.#removed = new Set();
    return { reset, changed, removed };
  }

  summary(readAt: number, source: HostUnits['source']): HostUnits {
    const failed: HostUnits['failed'] = [];
    const errors: HostUnits['loadErrors'] = [];
    let active = 0;
    let jobs = 0;
    for (const unit of this.#units.values()) {
      if (unit.active === 'active') active++;
      if (unit.job !== '') jobs++;
      if (unit.active === 'failed' && failed.length < maxNamed) {
        failed.push({ name: unit.name, sub: unit.sub, since: unit.since });
      }
      if (hasLoadError(unit) && errors.length < maxNamed) errors.push({ name: unit.name, load: unit.load });
    }
    const summary = { readAt, source, total: this.#units.size, active, jobs, failed, loadErrors: errors };
    return this.#filesChanged === 0 ? summary : { ...summary, filesChanged: this.#filesChanged };
  }
}

function hasLoadError(unit: Unit): boolean {
  return loadErrors.has(unit.load) || (unit.load === 'not-found' && unit.active !== 'inactive');
}

function isSame(known: Unit, listed: ListedUnit): boolean {
  return (
    known.active === listed.active &&
    known.sub === listed.sub &&
    known.job === listed.job &&
    known.load === listed.load &&
    known.description === listed.description
  );
}

function withoutSince({ name, description, load, active, sub, job }: Unit): ListedUnit {
  return { name, description, load, active, sub, job };
}
