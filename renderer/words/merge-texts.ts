import { diff3Merge } from 'node-diff3';

/** What came of a merge: the text, with the places that two people changed differently left as theirs and yours, marked. */
export interface MergedText {
  readonly text: string;
  readonly conflicts: number;
}

/** Joins what others made of a text with what you made of it, line by line. */
export function mergeTexts(base: string, theirs: string, yours: string): MergedText {
  if (theirs === yours || theirs === base) return { text: yours, conflicts: 0 };
  if (yours === base) return { text: theirs, conflicts: 0 };
  let conflicts = 0;
  const lines = (text: string) => text.split('\n');
  const merged = diff3Merge(lines(yours), lines(base), lines(theirs), { excludeFalseConflicts: true });
  const all = merged.flatMap(({ ok, conflict }) => {
    if (!conflict) return ok ?? [];
    conflicts++;
    return ['<<<<<<< yours', ...conflict.a, '=======', ...conflict.b, '>>>>>>> theirs'];
  });
  return { text: all.join('\n'), conflicts };
}
