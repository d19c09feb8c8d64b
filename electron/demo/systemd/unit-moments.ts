import type { SimulatedHost } from '../world/simulated-host.ts';
import type { UnitView } from './unit-state.ts';

/** A moment that systemd notes when a unit changes its active state: microseconds of the host's clock and since its boot, 0 for never. */
export interface UnitMoment {
  readonly name: 'ActiveEnter' | 'ActiveExit' | 'InactiveEnter' | 'InactiveExit';
  readonly us: number;
  readonly monotonicUs: number;
}

/** The moments of a unit; only those of its present state are remembered here. */
export function unitMoments(host: SimulatedHost, unit: UnitView): UnitMoment[] {
  const us = (unit.sinceMs + host.clockOffsetMs) * 1000;
  const monotonicUs = Math.max(1, (unit.sinceMs - host.systemd.bootedMs) * 1000);
  const known = momentsOf(unit);
  return (['ActiveEnter', 'ActiveExit', 'InactiveEnter', 'InactiveExit'] as const).map((name) =>
    known.includes(name) ? { name, us, monotonicUs } : { name, us: 0, monotonicUs: 0 },
  );
}

function momentsOf({ active, end }: UnitView): UnitMoment['name'][] {
  switch (active) {
    case 'activating':
      return ['InactiveExit'];
    case 'deactivating':
      return ['ActiveExit'];
    case 'inactive':
    case 'failed':
      // Without an end it has never run since the boot.
      return end === null ? [] : ['ActiveExit', 'InactiveEnter'];
    default:
      return ['InactiveExit', 'ActiveEnter'];
  }
}
