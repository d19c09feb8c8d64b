import type { Scope } from '../lib/scope.ts';

export interface PlainPulseEvents {
  heard(latencyMs: number): void;
  silent(ms: number): void;
  lost(ms: number): void;
}

const everyMs = 2000;
const silentMs = 3000;
const lostMs = 6000;

/**
 * Signs of life of sshd alone, for a host where no sampler answers: `ping` every two seconds. `now` is a clock in ms that
 * stands still while this thread could not listen.
 */
export function plainPulse(scope: Scope, ping: () => Promise<void>, now: () => number, events: PlainPulseEvents): void {
  let askedAt: number | null = null;
  scope.every(everyMs, () => {
    if (askedAt !== null) {
      const ms = now() - askedAt;
      if (ms > lostMs) events.lost(ms);
      else if (ms > silentMs) events.silent(ms);
      return;
    }
    const at = now();
    askedAt = at;
    ping().then(
      () => {
        askedAt = null;
        if (!scope.ended) events.heard(now() - at);
      },
      // The connection is gone, which is told by its close.
      () => {},
    );
  });
}
