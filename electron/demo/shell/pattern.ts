const known = new Map<string, RegExp>();

/** A shell pattern, in which a backslash makes the next character plain, as a regular expression for the whole text. */
export function patternExpression(pattern: string): RegExp {
  let found = known.get(pattern);
  if (!found) {
    found = new RegExp(`^${source(pattern)}$`, 's');
    if (known.size > 500) known.clear();
    known.set(pattern, found);
  }
  return found;
}

function source(pattern: string): string {
  let out = '';
  for (let at = 0; at < pattern.length; at++) {
    const next = pattern.charAt(at);
    const close = next === '[' ? pattern.indexOf(']', at + (/[!^]/.test(pattern.charAt(at + 1)) ? 3 : 2)) : -1;
    if (next === '\\') out += plain(pattern.charAt(++at));
    else if (next === '*') out += '.*';
    else if (next === '?') out += '.';
    else if (close > 0) {
      const inner = pattern
        .slice(at + 1, close)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')
        .replaceAll('[', '\\[');
      out += `[${inner.replace(/\[:(\w+):\]/g, '\\w')}]`;
      at = close;
    } else out += plain(next);
  }
  return out;
}

function plain(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** The text as a pattern that only it fits. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}

/** Takes the shortest or longest fitting part off the beginning or end. */
export function strip(text: string, pattern: string, operator: '#' | '##' | '%' | '%%'): string {
  const fits = patternExpression(pattern);
  const fromStart = operator.startsWith('#');
  const lengths = Array.from({ length: text.length + 1 }, (_, length) => length);
  if (operator.length === 2) lengths.reverse();
  for (const length of lengths) {
    const piece = fromStart ? text.slice(0, length) : text.slice(text.length - length);
    if (fits.test(piece)) return fromStart ? text.slice(length) : text.slice(0, text.length - length);
  }
  return text;
}
