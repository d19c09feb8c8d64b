/** A line with something in it: where its first letter stands, counted from 1, and what it says without blanks around. */
export interface NumberedLine {
  readonly line: number;
  readonly column: number;
  readonly content: string;
  /** As it is written. */
  readonly row: string;
}

const mostLines = 20_000;

/** The lines of a text that are neither empty nor a comment, at most 20,000; `comments` are the letters that begin one. */
export function numberedLines(text: string, comments = '#'): NumberedLine[] {
  const lines: NumberedLine[] = [];
  for (const [at, whole] of text.split('\n', mostLines).entries()) {
    const row = whole.replace(/\r$/, '');
    const content = row.trim();
    if (content === '' || comments.includes(content.charAt(0))) continue;
    lines.push({ line: at + 1, column: row.length - row.trimStart().length + 1, content, row });
  }
  return lines;
}
