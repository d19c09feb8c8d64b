import type { UnitStep } from '#shared/contract/change.ts';
import { fail } from '#shared/contract/problem.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import { commandLine } from '../lib/shell-quote.ts';

/** How a unit stands before a change. */
export interface UnitStanding {
  /** There is such a unit. */
  readonly known: boolean;
  readonly active: boolean;
  /** UnitFileState: enabled, disabled, masked, static, … */
  readonly file: string;
}

/** Why the undo of a step would not lead back to how its units stand now; null when it would. */
export async function unitsMoved(
  access: HostAccess,
  { actions, undo }: { readonly actions: readonly UnitStep[]; readonly undo: readonly UnitStep[] },
): Promise<string | null> {
  const units = [...new Set(actions.flatMap(({ unit }) => (unit === null ? [] : [unit])))];
  const now = await readUnits(access, units);
  const words = (steps: readonly UnitStep[], of: string) =>
    steps.flatMap(({ verb, unit }) => (unit === of ? [verb] : [])).join(' ');
  const fresh = undoOf(actions, now);
  const moved = units.filter((unit) => words(fresh, unit) !== words(undo, unit));
  if (moved.length === 0) return null;
  const standing = moved.map((unit) => `${unit} is ${now.get(unit)?.active ? '' : 'not '}active`);
  return `${standing.join(', ')} now, and did not stand so when it was planned`;
}

/** Reads how units stand; those that do not exist yet are inactive with an empty file state. */
export async function readUnits(access: HostAccess, units: readonly string[]): Promise<Map<string, UnitStanding>> {
  const standing = new Map<string, UnitStanding>();
  if (units.length === 0) return standing;
  const read = ['-p', 'ActiveState', '-p', 'UnitFileState', '-p', 'LoadState'];
  const { exitCode, stdout } = await access.exec(commandLine(['systemctl', 'show', ...read, '--', ...units]), {
    timeoutMs: 15_000,
    maxBytes: 65_536,
  });
  const blocks = new TextDecoder().decode(stdout).trimEnd().split('\n\n');
  if (exitCode !== 0 || blocks.length !== units.length)
    throw fail('protocol', `systemctl could not tell of ${units.join(', ')}`);
  for (const [at, unit] of units.entries()) {
    const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(blocks[at] ?? '')?.[1] ?? '';
    const active = value('ActiveState');
    const masked = value('LoadState') === 'masked' ? 'masked' : '';
    standing.set(unit, {
      known: value('LoadState') !== 'not-found',
      active: active === 'active' || active === 'reloading' || active === 'activating',
      file: value('UnitFileState') || masked,
    });
  }
  return standing;
}

/**
 * What takes unit steps back once the old files are in place again, in an order in which it works: first systemd reads
 * what is there, then what was masked is unmasked, as a masked unit is neither enabled nor disabled, then those are undone.
 * Then units stop before others start, as they may be in each other's way; what was masked is masked again at the very end.
 * One that ran although it was masked cannot run again but between the two.
 */
export function undoOf(steps: readonly UnitStep[], before: ReadonlyMap<string, UnitStanding>): UnitStep[] {
  const reloads: UnitStep[] = [];
  const unmasks: UnitStep[] = [];
  const files: UnitStep[] = [];
  const stops: UnitStep[] = [];
  const runs: UnitStep[] = [];
  const masks: UnitStep[] = [];
  for (const { verb, unit } of steps) {
    const was = unit === null ? undefined : before.get(unit);
    const enabled = was?.file === 'enabled' || was?.file === 'enabled-runtime';
    const masked = isMasked(was);
    switch (verb) {
      case 'daemon-reload':
      case 'set-hostname':
        reloads.push({ verb, unit: null });
        break;
      case 'enable':
        if (!enabled) files.push({ verb: 'disable', unit });
        break;
      case 'disable':
        if (enabled) files.push({ verb: 'enable', unit });
        break;
      case 'mask':
        if (!masked) unmasks.push({ verb: 'unmask', unit });
        break;
      case 'unmask':
        if (masked) masks.push({ verb: 'mask', unit });
        break;
      case 'start':
        if (!was?.active) stops.push({ verb: 'stop', unit });
        break;
      case 'stop':
        // Stopped and started it runs with the new files, and start alone would leave it so.
        if (was?.active) runs.push({ verb: startsAgain(steps, unit) ? 'restart' : 'start', unit });
        break;
      case 'reload':
        // One that did not run could not be reloaded, nor can it now.
        if (was?.active) runs.push({ verb, unit });
        break;
      case 'restart':
      case 'reload-or-restart':
        // A unit that did not run before does not afterwards.
        if (was?.active) runs.push({ verb, unit });
        else stops.push({ verb: 'stop', unit });
        break;
      default:
        verb satisfies never;
    }
  }
  for (const { unit } of runs) {
    if (!isMasked(unit === null ? undefined : before.get(unit))) continue;
    unmasks.push({ verb: 'unmask', unit });
    if (!masks.some((other) => other.unit === unit)) masks.push({ verb: 'mask', unit });
  }
  return [...reloads, ...unmasks, ...files, ...stops, ...runs, ...masks];
}

function isMasked(was: UnitStanding | undefined): boolean {
  return was?.file === 'masked' || was?.file === 'masked-runtime';
}

function startsAgain(steps: readonly UnitStep[], of: string | null): boolean {
  return steps.some(({ verb, unit }) => verb === 'start' && unit === of);
}
