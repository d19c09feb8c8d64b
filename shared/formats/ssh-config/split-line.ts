const blanks = ' \t\r\n';

/** The first word of a line and what follows it. */
export interface Taken {
  readonly word: string;
  /** Null when nothing follows. */
  readonly rest: string | null;
}

/**
 * Takes the next word as OpenSSH takes keywords and Match criteria: words end at blanks or one `=`, and a double quote
 * begins a word that runs to the next one. Null for a quote without an end.
 */
export function takeWord(text: string): Taken | null {
  const end = text.search(/[ \t\r\n"=]/);
  if (end < 0) return { word: text, rest: null };
  if (text[end] === '"') {
    const close = text.indexOf('"', end + 1);
    if (close < 0) return null;
    return { word: text.slice(0, end) + text.slice(end + 1, close), rest: skip(text, close + 1) };
  }
  let rest = skip(text, end + 1);
  if (text[end] !== '=' && rest.startsWith('=')) rest = skip(rest, 1);
  return { word: text.slice(0, end), rest };
}

function skip(text: string, from: number): string {
  let at = from;
  while (at < text.length && blanks.includes(text.charAt(at))) at++;
  return text.slice(at);
}

/**
 * Splits the arguments of a line: words separated by blanks, single or double quotes around what holds blanks, a
 * backslash before a quote, a backslash or (outside quotes) a blank; `#` at the start of a word ends the line.
 * Null for a quote without an end.
 */
export function splitArguments(text: string): string[] | null {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ' || text[at] === '\t') {
      at++;
      continue;
    }
    if (text[at] === '#') break;
    let word = '';
    let quote = '';
    for (; at < text.length; at++) {
      const char = text.charAt(at);
      const next = text.charAt(at + 1);
      if (char === '\\' && next !== '' && (`'"\\`.includes(next) || (quote === '' && next === ' '))) {
        word += next;
        at++;
      } else if (quote === '' && (char === ' ' || char === '\t')) break;
      else if (quote === '' && (char === '"' || char === "'")) quote = char;
      else if (quote !== '' && char === quote) quote = '';
      else word += char;
    }
    if (quote !== '') return null;
    words.push(word);
  }
  return words;
}
