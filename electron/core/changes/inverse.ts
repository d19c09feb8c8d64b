import type { PlannedStep } from '#shared/contract/change.ts';

/** The step that leads back: what was after is before, and what undid is done. */
export function inverse({ hosts, files, actions, undo }: PlannedStep): PlannedStep {
  const back = files.map(({ path, before, after }) => ({ path, before: after, after: before }));
  return { hosts, files: back, actions: undo, undo: actions, validators: [] };
}
