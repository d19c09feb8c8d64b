import { useState } from 'react';

/** Keys within this time of each other are one edit. */
const oneEditMs = 1500;
const most = 100;

interface Past {
  readonly before: readonly string[];
  /** What the last edit of the form made: once the text is another, nothing of the form can be undone in it. */
  readonly made: string;
  readonly at: number;
}

/** Takes edits of a form back one by one, as long as nobody wrote into the text itself since. */
export function useUndo(
  text: string,
  onText: (text: string) => void,
): { readonly onForm: (text: string) => void; readonly undo: (() => void) | null } {
  const [past, setPast] = useState<Past>({ before: [], made: text, at: 0 });
  const holds = past.made === text && past.before.length > 0;
  return {
    onForm: (next) => {
      const at = performance.now();
      const known = past.made === text ? past.before : [];
      const goesOn = known.length > 0 && at - past.at < oneEditMs;
      setPast({ before: goesOn ? known : [...known, text].slice(-most), made: next, at });
      onText(next);
    },
    undo: holds
      ? () => {
          const last = past.before.at(-1) ?? text;
          setPast({ before: past.before.slice(0, -1), made: last, at: 0 });
          onText(last);
        }
      : null,
  };
}
