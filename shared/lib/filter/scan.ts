/** A piece of text read up to one of the given characters; quotes taken off. */
export interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  /** The first character that is not part of it. */
  readonly to: number;
  /** False when a quote is not closed. */
  readonly closed: boolean;
}

/** Reads from `from` up to a blank, one of `stops`, or the end. Inside of double quotes anything goes; `\` keeps what follows. */
export function readPiece(text: string, from: number, stops: string): Piece {
  let out = '';
  let quoted = false;
  let at = from;
  while (at < text.length) {
    const char = text.charAt(at);
    if (isBlank(char) || stops.includes(char)) break;
    if (char !== '"') {
      out += char;
      at++;
      continue;
    }
    quoted = true;
    at++;
    while (at < text.length && text[at] !== '"') {
      if (text[at] === '\\' && at + 1 < text.length) at++;
      out += text.charAt(at++);
    }
    if (at >= text.length) return { text: out, quoted, to: at, closed: false };
    at++;
  }
  return { text: out, quoted, to: at, closed: true };
}

/** Whether a character parts terms. */
export function isBlank(char: string): boolean {
  return /\s/.test(char);
}

/** Writes a piece so that it reads back as `text`; `special` are the characters that would end or change it there. */
export function quotePiece(text: string, special: RegExp): string {
  if (text !== '' && !/[\s"]/.test(text) && !special.test(text)) return text;
  return `"${text.replaceAll(/["\\]/g, (char) => `\\${char}`)}"`;
}
