/** A text without a section: its lines go, and one of the empty lines around it; comments above its header stay. */
export function cutSection(text: string, from: number, to: number): string {
  const before = text.slice(0, from);
  const after = text.slice(to);
  const closes = /(?:^|\n)\r?\n$/.test(before) && /^(?:\r?\n|$)/.test(after);
  return closes ? before.replace(/\r?\n$/, '') + after : before + after;
}

/** Where the line of a header begins, of those that fit the one asked for, counted from 0; -1 when there are fewer. */
export function headerAt(text: string, fits: (line: string) => boolean, which: number): number {
  let seen = 0;
  for (let from = 0; from < text.length; ) {
    const next = text.indexOf('\n', from);
    const to = next === -1 ? text.length : next;
    if (fits(text.slice(from, to).trim()) && seen++ === which) return from;
    from = to + 1;
  }
  return -1;
}
