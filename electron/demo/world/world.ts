import type { WorldClock } from './clock.ts';
import { rosterOf } from './roster.ts';
import { Schedule } from './schedule.ts';
import { SimulatedHost } from './simulated-host.ts';

export interface WorldOptions {
  readonly hosts: number;
  /** The same seed at the same time makes the same world. */
  readonly seed: number;
  readonly clock: WorldClock;
}

/** All simulated hosts and the one schedule they live by. */
export interface World {
  readonly hosts: readonly SimulatedHost[];
  readonly schedule: Schedule;
  readonly seed: number;
  end(): void;
}

/** Makes the hosts; nothing happens to them before stories are told. */
export function openWorld({ hosts, seed, clock }: WorldOptions): World {
  const schedule = new Schedule(clock);
  return {
    hosts: rosterOf(hosts, seed).map((spec) => new SimulatedHost(spec, schedule)),
    schedule,
    seed,
    end: () => schedule.end(),
  };
}
