import type { Scope } from '../lib/scope.ts';

export interface PlainPulseEvents {
  heard(latencyMs: number): void;
  silent(ms: number): void;
  lost(ms: number): void;
}

const lookMs = 500;
const firstAskMs = 1000;
const askMs = 2000;
/** With the time between two questions this stays below the age at which the window calls a value stale. */
const silentMs = 1500;
const lostMs = 6000;

/**
 * Signs of life of sshd alone, for a host where no sampler answers: `ping` after one second, by when most samplers have
 * greeted, and then every two. `now` is a clock in ms that stands still while this thread could not listen.
 */
export function plainPulse(scope: Scope, ping: () => Promise<void>, now: () => number, events: PlainPulseEvents): void {
  let askedAt = now() - askMs + firstAskMs;
  let waiting = false;
  let toldAt = 0;
  const ask = () => {
    const at = now();
    askedAt = at;
    waiting = true;
    ping().then(
      () => {
        waiting = false;
        if (!scope.ended) events.heard(now() - at);
      },
      // The connection is gone, which is told by its close.
      () => {},
    );
  };
  const look = () => {
    const ms = now() - askedAt;
    if (!waiting) {
      if (ms >= askMs) ask();
    } else if (ms > lostMs) events.lost(ms);
    else if (ms > silentMs && now() - toldAt >= 1000) {
      toldAt = now();
      events.silent(ms);
    }
  };
  scope.every(lookMs, look);
}
