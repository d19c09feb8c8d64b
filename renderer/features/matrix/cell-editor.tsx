import { useState } from 'react';
import type { Problem } from '#shared/contract/problem.ts';

/** The value of a cell as it is typed: Enter takes it, Escape leaves it, Shift+Enter begins a line. Empty: not set. */
export function CellEditor({
  label,
  value,
  problem,
  onDone,
  onLeave,
}: {
  readonly label: string;
  readonly value: string;
  readonly problem: Problem | null;
  readonly onDone: (value: string | null) => void;
  readonly onLeave: () => void;
}) {
  const [typed, setTyped] = useState(value);
  return (
    // A click into the text is not one on the cell below.
    <div className="matrix-editor" role="presentation" onClick={(event) => event.stopPropagation()}>
      <textarea
        className="input"
        aria-label={label}
        aria-invalid={problem ? true : undefined}
        aria-describedby="matrix-editor-note"
        rows={Math.min(8, typed.split('\n').length)}
        spellCheck={false}
        autoFocus
        value={typed}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onLeave();
          else if (event.key === 'Enter' && !event.shiftKey) onDone(typed === '' ? null : typed);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <p id="matrix-editor-note" className={problem ? 'field-error' : 'field-hint'}>
        {problem ? `${problem.message}. ${problem.hint ?? ''}` : 'Enter takes it · empty: not set · Esc leaves it'}
      </p>
    </div>
  );
}
