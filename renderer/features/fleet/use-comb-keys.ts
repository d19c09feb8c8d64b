import { useRef } from 'react';
import { useConsole } from '../../state/console.ts';
import { type Binding, useKeys } from '../../state/keyboard.ts';
import { extended } from '../../state/selection.ts';
import { type CombStep, nextCell } from './comb-steps.ts';
import type { Cell } from './honeycomb-layout.ts';

/** The arrow keys in the honeycomb: from cell to cell as they lie, with Shift selecting on the way. */
export function useCombKeys(cells: readonly Cell[], listed: readonly string[]): void {
  const { selection } = useConsole();
  const column = useRef<{ host: string | null; x: number } | null>(null);
  const step = (to: CombStep, extend: boolean) => () => {
    const at = selection.getState();
    const kept = column.current?.host === at.cursor ? column.current.x : null;
    const next = nextCell(cells, at.cursor, to, kept);
    if (!next) return;
    const climbs = to === 'up' || to === 'down';
    const from = cells.find(({ host }) => host === at.cursor);
    column.current = { host: next.host, x: climbs ? (kept ?? from?.x ?? next.x) : next.x };
    selection.setState(extend ? extended(at, next.host, listed) : { cursor: next.host, anchor: null });
  };
  const arrow = (key: string, to: CombStep, label: string): Binding[] => [
    { keys: key, label, run: step(to, false) },
    { keys: `Shift+${key}`, run: step(to, true) },
  ];
  useKeys('Honeycomb', 'part', [
    ...arrow('ArrowUp', 'up', 'The host above; with Shift select up to it'),
    ...arrow('ArrowDown', 'down', 'The host below'),
    ...arrow('ArrowLeft', 'left', 'The host at the left'),
    ...arrow('ArrowRight', 'right', 'The host at the right'),
  ]);
}
