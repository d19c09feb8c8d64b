import { mix, part, seedOf } from '../world/chance.ts';
import { activeOf, type UnitKind, unitType } from './unit-kind.ts';

export interface UnitJob {
  readonly id: number;
  readonly type: 'start' | 'stop' | 'restart' | 'reload';
}

/** How a main process ended, as waitid tells it. */
export interface ProcessEnd {
  readonly how: 'exited' | 'killed' | 'dumped';
  /** Exit code or number of the signal. */
  readonly status: number;
}

/** What changes about a unit while its host runs. */
export interface UnitState {
  readonly active: string;
  readonly sub: string;
  /** Since when it is in this active state, ms of the world. */
  readonly sinceMs: number;
  /** 0 when nothing runs. */
  readonly pid: number;
  readonly restarts: number;
  readonly result: string;
  readonly end: ProcessEnd | null;
  readonly file: string;
  readonly job: UnitJob | null;
}

/** A unit as the host shows it now. */
export interface UnitView extends UnitState {
  readonly name: string;
  readonly kind: UnitKind;
  readonly load: UnitKind['load'];
}

/** The state in which a boot leaves a unit that nothing happened to. */
export function settledState(kind: UnitKind, seed: number, bootedMs: number): UnitState {
  const of = seedOf(kind.name, seed);
  const runs = kind.sub === 'running' && kind.exec !== '';
  return {
    active: activeOf(kind.sub),
    sub: kind.sub,
    sinceMs: bootedMs + 900 + Math.floor(part(of) ** 2 * 24_000),
    pid: kind.name === 'init.scope' ? 1 : runs ? 310 + (mix(of, bootedMs >>> 10) % 28_000) : 0,
    restarts: 0,
    result: 'success',
    end: kind.sub === 'exited' ? { how: 'exited', status: 0 } : null,
    file: kind.file,
    job: null,
  };
}

/** What a unit of this type is when it runs. */
export function runningSub(kind: UnitKind): string {
  if (kind.sub !== 'dead') return kind.sub;
  switch (unitType(kind.name)) {
    case 'service':
      return kind.file === 'static' && !kind.name.endsWith('d.service') ? 'exited' : 'running';
    case 'socket':
      return 'listening';
    case 'timer':
    case 'path':
      return 'waiting';
    case 'mount':
      return 'mounted';
    default:
      return 'active';
  }
}

/** True for a service that does one thing and is then inactive again. */
export function isOneShot(kind: UnitKind): boolean {
  return unitType(kind.name) === 'service' && kind.sub === 'dead' && kind.file === 'static';
}
