import { type Binding, useKeys } from '../../state/keyboard.ts';
import type { CellPlace } from './matrix-grid.tsx';

interface MatrixKeys {
  readonly move: (down: number, across: number, extend: boolean) => void;
  readonly open: () => void;
  readonly toggle: () => void;
  readonly selectRow: () => void;
  readonly setAll: () => void;
  readonly remove: () => void;
  readonly unfold: () => void;
  readonly leave: () => void;
  readonly plan: () => void;
  readonly operate: boolean;
}

/** Moving, selecting and editing in the matrix without a mouse. */
export function useMatrixKeys({ move, operate, ...act }: MatrixKeys): void {
  const step = (keys: string, down: number, across: number, label?: string): Binding[] => [
    { keys, ...(label === undefined ? {} : { label }), run: () => move(down, across, false) },
    { keys: `Shift+${keys}`, run: () => move(down, across, true) },
  ];
  const bindings: Binding[] = [
    ...step('ArrowDown', 1, 0, 'Move; with Shift the selection grows'),
    ...step('ArrowUp', -1, 0),
    ...step('ArrowRight', 0, 1),
    ...step('ArrowLeft', 0, -1),
    ...step('j', 1, 0),
    ...step('k', -1, 0),
    ...step('l', 0, 1),
    ...step('h', 0, -1),
    ...step('PageDown', 20, 0),
    ...step('PageUp', -20, 0),
    ...step('Home', 0, -1e6),
    ...step('End', 0, 1e6),
    {
      keys: '/',
      label: 'Filter settings',
      run: () => document.querySelector<HTMLInputElement>('#matrix-filter input')?.focus(),
    },
    { keys: 'f', label: 'Unfold or fold the column', run: act.unfold },
    { keys: 'x', label: 'Select the cell', run: act.toggle },
    { keys: 'r', label: 'Select the row', run: act.selectRow },
    { keys: 'Escape', label: 'Unselect', typing: true, run: act.leave },
  ];
  if (operate) {
    bindings.push(
      { keys: 'Enter', label: 'Edit the cell, or all that are selected', run: act.open },
      { keys: '=', label: 'Set all of the row to this value', run: act.setAll },
      { keys: 'Delete', label: 'Take the setting out', run: act.remove },
      { keys: 'Mod+Enter', label: 'Read the plan', typing: true, run: act.plan },
    );
  }
  useKeys('Matrix', 'view', bindings);
}

/** A place moved by steps, kept inside; null when there is no cell. */
export function movedPlace(at: CellPlace, down: number, across: number, rows: number, columns: number): CellPlace {
  const inside = (value: number, size: number) => Math.max(0, Math.min(size - 1, value));
  return { row: inside(at.row + down, rows), column: inside(at.column + across, columns) };
}
