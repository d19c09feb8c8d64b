import type { YamlPlace } from '../yaml-tree/read.ts';

/** Where the line of an offset begins. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Where the line of an offset ends: at its line end, or at the end of the text. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The offset of a place. */
export function offsetOf(text: string, { line, column }: YamlPlace): number {
  let at = 0;
  for (let left = line; left > 1; left--) at = lineEnd(text, at) + 1;
  return at + column - 1;
}
