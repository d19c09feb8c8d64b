import type { Clock } from './clock.ts';

/** Ticks once a second for everything that shows an age; one timer however many listen, none when nobody does. */
export interface Ticker {
  /** The time of the last tick, epoch milliseconds by the core's clock. */
  readonly now: () => number;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Makes the ticker of one window. */
export function createTicker(clock: Clock, every: (tick: () => void) => () => void): Ticker {
  const listeners = new Set<() => void>();
  let stop: (() => void) | null = null;
  let at = clock.now();
  return {
    now: () => {
      // Nobody ticks it while nobody listens: a first reader must not see an hour-old time, nor two readers differing ones.
      if (stop === null && Math.abs(clock.now() - at) >= 1000) at = clock.now();
      return at;
    },
    subscribe(listener) {
      listeners.add(listener);
      if (stop === null) {
        at = clock.now();
        stop = every(() => {
          at = clock.now();
          for (const one of listeners) one();
        });
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = null;
      };
    },
  };
}
