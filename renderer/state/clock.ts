/** The core's clock as this window knows it: ages are told by it, so a window on another machine tells them right. */
export interface Clock {
  /** Epoch milliseconds by the core's clock. */
  now(): number;
  /** Learns from the `now` of a message that just came. */
  learn(coreNow: number): void;
}

/** Makes a clock over this machine's own (`Date.now` in the window). */
export function createClock(own: () => number): Clock {
  let offset: number | null = null;
  return {
    now: () => own() + (offset ?? 0),
    learn(coreNow) {
      offset = nextOffset(offset, coreNow - own());
    },
  };
}

/**
 * The next estimate of core clock minus own clock. A message always arrives late, so the largest sample is the truest;
 * smaller ones pull slowly, and a jump beyond 2 s (sleep, clock set) is believed at once.
 */
export function nextOffset(current: number | null, sample: number): number {
  if (current === null || sample > current || current - sample > 2000) return sample;
  return current + (sample - current) * 0.05;
}
