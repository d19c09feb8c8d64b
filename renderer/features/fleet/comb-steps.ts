import type { Cell } from './honeycomb-layout.ts';

/** A step from one cell to the next as they lie on the screen. */
export type CombStep = 'left' | 'right' | 'up' | 'down';

/**
 * The cell that lies next in a direction, the first one from nowhere; null at the edge. Rows lie half a cell aside from each
 * other: `column` is the x that steps up and down keep to, so that two of them in a line do not wander off.
 */
export function nextCell(
  cells: readonly Cell[],
  from: string | null,
  step: CombStep,
  column: number | null,
): Cell | null {
  const at = cells.find(({ host }) => host === from);
  if (!at) return cells[0] ?? null;
  if (step === 'left' || step === 'right') {
    const sign = step === 'left' ? -1 : 1;
    const beside = cells.filter(({ x, y }) => sameRow(y, at.y) && (x - at.x) * sign > 0);
    return nearest(beside, at.x);
  }
  const sign = step === 'up' ? -1 : 1;
  const beyond = cells.filter(({ y }) => !sameRow(y, at.y) && (y - at.y) * sign > 0);
  const row = beyond.reduce((best, { y }) => Math.min(best, (y - at.y) * sign), Number.POSITIVE_INFINITY);
  return nearest(
    beyond.filter(({ y }) => sameRow((y - at.y) * sign, row)),
    column ?? at.x,
  );
}

function sameRow(one: number, other: number): boolean {
  return Math.abs(one - other) < 0.5;
}

function nearest(cells: readonly Cell[], x: number): Cell | null {
  let best: Cell | null = null;
  for (const cell of cells) if (!best || Math.abs(cell.x - x) < Math.abs(best.x - x) - 0.01) best = cell;
  return best;
}
