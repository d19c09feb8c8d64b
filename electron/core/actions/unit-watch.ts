import type { Unit } from '#shared/contract/unit.ts';
import type { Hosts } from '../hosts/hosts.ts';

/** How long a started unit must stay up before the action counts as done. */
export const settleMs = 10_000;

/** What became of a unit after it was started. */
export interface StartVerdict {
  readonly failed: boolean;
  readonly text: string;
}

/**
 * Watches a unit around a start. Begun before the command so that a death between systemd's answer and ours is not
 * missed; `verdict` (called after the command succeeded) resolves at the first failure, or after `settleMs` of peace.
 */
export function watchAfterStart(
  hosts: Pick<Hosts, 'access' | 'watchUnits'>,
  host: string,
  unit: string,
  signal: AbortSignal,
): { verdict(): Promise<StartVerdict>; stop(): void } {
  let latest: Unit | null = null;
  let changed = false;
  let onChange = () => {};
  const stopWatching = hosts.watchUnits(host, (item) => {
    const found = item.changed.find(({ name }) => name === unit);
    if (!found) return;
    // The first list says how it was before; only what comes after is the action's doing.
    if (!item.reset || (latest && (latest.active !== found.active || latest.sub !== found.sub))) changed = true;
    latest = found;
    onChange();
  });
  return {
    stop: stopWatching,
    verdict: () =>
      new Promise((resolve) => {
        const since = performance.now();
        const settle = (verdict: StartVerdict) => {
          clearTimeout(timer);
          onChange = () => {};
          resolve(verdict);
        };
        const timer = setTimeout(
          () => settle({ failed: false, text: latest ? `${latest.active} (${latest.sub})` : 'done' }),
          settleMs,
        );
        signal.addEventListener(
          'abort',
          () => settle({ failed: false, text: 'done; the console closed before it had settled' }),
          { once: true },
        );
        onChange = () => {
          if (!changed || !latest || !isDown(latest)) return;
          const seconds = ((performance.now() - since) / 1000).toFixed(1);
          settle({ failed: true, text: `started, then failed after ${seconds} s: ${latest.active} (${latest.sub})` });
        };
        onChange();
      }),
  };
}

function isDown(unit: Unit): boolean {
  return unit.active === 'failed' || unit.sub === 'auto-restart';
}
