/** What /etc/os-release says, name by name. */
export type OsRelease = ReadonlyMap<string, string>;

const maxChars = 64_000;

/**
 * Parses os-release(5): `NAME=value` lines with shell quoting. Lines that are neither that, nor a comment, nor empty are
 * passed over, as os-release(5) asks; the last value of a name counts. At most 64,000 characters are read.
 */
export function parseOsRelease(text: string): OsRelease {
  const values = new Map<string, string>();
  for (const raw of text.slice(0, maxChars).split('\n')) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(raw.replace(/\r$/, ''));
    const value = match ? unquote((match[2] ?? '').trim()) : null;
    if (match && value !== null) values.set(match[1] ?? '', value);
  }
  return values;
}

/** The text a shell would take a single quoted, double quoted or plain word for; null when a quote is not closed. */
function unquote(word: string): string | null {
  let value = '';
  let quote = '';
  for (let at = 0; at < word.length; at++) {
    const char = word.charAt(at);
    const next = word.charAt(at + 1);
    if (quote === "'") {
      if (char === "'") quote = '';
      else value += char;
    } else if (char === '\\' && next !== '') {
      if (quote === '' || '\\"$`'.includes(next)) value += next;
      else value += char + next;
      at++;
    } else if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (quote === '' && (char === ' ' || char === '\t')) return value;
    else value += char;
  }
  return quote === '' ? value : null;
}
