import type { Scope } from '../lib/scope.ts';
import type { RemoteCommands } from '../ssh/remote-commands.ts';

export interface PlainPulseEvents {
  heard(latencyMs: number, wasSilent: boolean): void;
  silent(ms: number): void;
  lost(ms: number): void;
}

const everyMs = 5000;
const patienceMs = 3000;

/** Signs of life from a host where no sampler runs: an empty command every five seconds. */
export function plainPulse(scope: Scope, commands: RemoteCommands, events: PlainPulseEvents): void {
  let silences = 0;
  let asking = false;
  scope.every(everyMs, () => {
    if (asking) return;
    asking = true;
    commands
      .run(':', { timeoutMs: patienceMs })
      .then(
        (result) => {
          if (scope.ended || result.lost) return;
          events.heard(result.durationMs, silences > 0);
          silences = 0;
        },
        () => {
          if (scope.ended) return;
          silences++;
          if (silences === 1) events.silent(patienceMs);
          else events.lost(everyMs + patienceMs);
        },
      )
      .finally(() => {
        asking = false;
      });
  });
}
