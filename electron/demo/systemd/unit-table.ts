import type { Schedule } from '../world/schedule.ts';
import { type UnitKind, unitType } from './unit-kind.ts';
import { settledState, type UnitJob, type UnitState, type UnitView } from './unit-state.ts';

export type SystemdEvent =
  | { readonly kind: 'changed' | 'new' | 'removed'; readonly unit: string }
  | { readonly kind: 'job-new'; readonly id: number; readonly unit: string }
  | { readonly kind: 'job-removed'; readonly id: number; readonly unit: string; readonly result: string }
  | { readonly kind: 'reloading'; readonly active: boolean };

export interface UnitTableAbout {
  readonly seed: number;
  readonly kinds: ReadonlyMap<string, UnitKind>;
  readonly schedule: Schedule;
}

/** The units of one host: those of its kind as a boot leaves them, and what is different by now. */
export class UnitTable {
  readonly schedule: Schedule;
  readonly #about: UnitTableAbout;
  readonly #changed = new Map<string, UnitState>();
  readonly #transient = new Map<string, UnitKind>();
  readonly #listeners = new Set<(event: SystemdEvent) => void>();
  #bootedMs: number;

  constructor(about: UnitTableAbout, bootedMs: number) {
    this.#about = about;
    this.schedule = about.schedule;
    this.#bootedMs = bootedMs;
  }

  get bootedMs(): number {
    return this.#bootedMs;
  }

  listen(listener: (event: SystemdEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get(name: string): UnitView | null {
    const kind = this.#about.kinds.get(name) ?? this.#transient.get(name);
    return kind ? this.#view(kind) : null;
  }

  list(): UnitView[] {
    const views: UnitView[] = [];
    for (const kind of this.#about.kinds.values()) views.push(this.#view(kind));
    for (const kind of this.#transient.values()) views.push(this.#view(kind));
    return views;
  }

  /** Units with a job now. */
  jobs(): (UnitView & { job: UnitJob })[] {
    return [...this.#changed.keys()].flatMap((name) => {
      const unit = this.get(name);
      return unit?.job ? [{ ...unit, job: unit.job }] : [];
    });
  }

  /** The unit whose main process this is. */
  byPid(pid: number): UnitView | null {
    return this.list().find((unit) => unit.pid === pid) ?? null;
  }

  failed(): UnitView[] {
    return [...this.#changed.keys()].flatMap((name) => {
      const unit = this.get(name);
      return unit?.active === 'failed' ? [unit] : [];
    });
  }

  #view(kind: UnitKind): UnitView {
    const state = this.#changed.get(kind.name) ?? settledState(kind, this.#about.seed, this.#bootedMs);
    return { ...state, name: kind.name, kind, load: state.file === 'masked' ? 'masked' : kind.load };
  }

  protected emit(event: SystemdEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Changes a unit's state; listeners are told. */
  protected change(name: string, change: Partial<UnitState>): void {
    const unit = this.get(name);
    if (!unit) return;
    const { name: _name, kind: _kind, load: _load, ...before } = unit;
    const sinceMs =
      change.active !== undefined && change.active !== before.active ? this.schedule.now() : before.sinceMs;
    this.#changed.set(name, { ...before, sinceMs, ...change });
    this.emit({ kind: 'changed', unit: name });
  }

  /** A unit without a file, such as a session's scope. */
  addTransient(kind: UnitKind): void {
    this.#transient.set(kind.name, kind);
    this.#changed.set(kind.name, { ...settledState(kind, this.#about.seed, 0), sinceMs: this.schedule.now() });
    this.emit({ kind: 'new', unit: kind.name });
  }

  removeTransient(name: string): void {
    if (!this.#transient.delete(name)) return;
    this.#changed.delete(name);
    this.emit({ kind: 'removed', unit: name });
  }

  /** Starts over after the host went down. */
  boot(nowMs: number): void {
    const kept = [...this.#changed].filter(([name]) => this.#about.kinds.has(name));
    this.#changed.clear();
    this.#transient.clear();
    this.#bootedMs = nowMs;
    for (const [name, { file }] of kept) {
      const kind = this.#about.kinds.get(name);
      if (!kind || file === kind.file) continue;
      const state = settledState(kind, this.#about.seed, nowMs);
      const isDown = unitType(name) === 'service' && file !== 'enabled' && kind.file === 'enabled';
      this.#changed.set(name, { ...state, file, ...(isDown && { active: 'inactive', sub: 'dead', pid: 0 }) });
    }
  }
}
