import type { PlannedStep, UnitStep } from '#shared/contract/change.ts';

const running: ReadonlySet<UnitStep['verb']> = new Set(['restart', 'reload', 'reload-or-restart', 'start']);

/** The step that leads back: what was after is before, and what undid is done. Only units that it leaves running must be. */
export function inverse({ hosts, files, actions, undo, gates }: PlannedStep): PlannedStep {
  const back = files.map(({ path, before, after }) => ({ path, before: after, after: before }));
  const up = new Set(undo.filter(({ verb }) => running.has(verb)).map(({ unit }) => unit));
  const still = gates.filter((gate) => gate.kind !== 'unit-active' || up.has(gate.unit));
  return { hosts, files: back, actions: undo, undo: actions, validators: [], gates: still };
}
