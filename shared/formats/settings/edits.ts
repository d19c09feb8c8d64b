/** One piece of a text that is replaced; offsets are of the text before any edit. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Replaces pieces that do not overlap; those at one place come in the order given. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let made = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.from - b.from)) {
    made += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return made + text.slice(at);
}

/** How lines end in a text, by its first. */
export function lineEndOf(text: string): '\r\n' | '\n' {
  const at = text.indexOf('\n');
  return at > 0 && text.charAt(at - 1) === '\r' ? '\r\n' : '\n';
}

/** Line and column of an offset, both from 1, for offsets that are asked for in ascending order. */
export function placeFinder(text: string): (offset: number) => { line: number; column: number } {
  let line = 1;
  let start = 0;
  return (offset) => {
    for (;;) {
      const next = text.indexOf('\n', start);
      if (next === -1 || next >= offset) break;
      start = next + 1;
      line += 1;
    }
    return { line, column: Math.max(1, offset - start + 1) };
  };
}
