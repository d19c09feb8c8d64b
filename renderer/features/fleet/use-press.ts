import { useCallback } from 'react';
import { useConsole } from '../../state/console.ts';
import { extended, toggled } from '../../state/selection.ts';

/** What a press of the mouse on a host does: moves the cursor, with Ctrl adds it, with Shift all up to it. */
export function usePress(listed: readonly string[]): (host: string, event: React.MouseEvent) => void {
  const { selection } = useConsole();
  return useCallback(
    (host, event) => {
      const at = selection.getState();
      if (event.shiftKey) selection.setState(extended(at, host, listed));
      else if (event.ctrlKey || event.metaKey) selection.setState(toggled(at, host));
      else selection.setState({ cursor: host, anchor: host });
    },
    [selection, listed],
  );
}
