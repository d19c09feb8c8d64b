import { type ChangeDraft, type ChangePart, defaultWaves } from '#shared/contract/change.ts';
import { suggestedGates } from '#shared/lib/change/suggest.ts';
import type { UnitOnHost } from './fold-unit.ts';

/** States in which a unit is meant to run. A restart would start it anywhere else. */
const meantToRun: ReadonlySet<string> = new Set(['active', 'activating', 'reloading', 'refreshing', 'failed']);

/** The change that takes a drop-in away, and restarts the unit where it runs. What stands there now is read by the plan. */
export function removalDraft(unit: string, path: string, hosts: readonly UnitOnHost[]): ChangeDraft {
  const canRestart = /\.(service|socket|timer|path|mount|automount|swap)$/.test(unit);
  const part = (its: readonly UnitOnHost[], restarts: boolean): ChangePart[] => {
    if (its.length === 0) return [];
    const actions: ChangePart['actions'] = [
      { verb: 'daemon-reload', unit: null },
      ...(restarts ? [{ verb: 'restart' as const, unit }] : []),
    ];
    return [
      {
        hosts: its.map(({ host }) => host),
        files: [{ path, content: null, mode: null, owner: null, seen: null }],
        actions,
        validators: [],
        gates: suggestedGates(actions),
      },
    ];
  };
  const running = hosts.filter(({ state }) => meantToRun.has(state));
  const resting = hosts.filter(({ state }) => !meantToRun.has(state));
  return {
    title: `Remove ${path}`.slice(0, 200),
    parts: [...part(running, canRestart), ...part(resting, false)],
    policy: defaultWaves,
  };
}
