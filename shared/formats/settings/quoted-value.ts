const plain = /^[\w.,:/@%+=-]*$/;

/** What a value between quotes says, as env files and os-release write it; other values say what they are. */
export function decodeQuoted(raw: string): string {
  const quote = quoteOf(raw);
  if (quote === "'") return raw.slice(1, -1);
  return quote === '"' ? raw.slice(1, -1).replaceAll(/\\(["\\$`])/g, '$1') : raw;
}

/** The value with quotes where it needs some, or had some before; null when there is no way to write it. */
export function encodeQuoted(value: string, was: string | null): string | null {
  const before = was === null ? '' : quoteOf(was);
  const made = before === '' && plain.test(value) ? value : quoted(value, before);
  return decodeQuoted(made) === value ? made : null;
}

function quoted(value: string, quote: string): string {
  if (quote === "'" && !value.includes("'")) return `'${value}'`;
  return `"${value.replaceAll(/["\\$`]/g, '\\$&')}"`;
}

/** The quotes around the whole of a value; empty when there are none. */
function quoteOf(raw: string): '"' | "'" | '' {
  const first = raw.charAt(0);
  if (raw.length < 2 || !raw.endsWith(first)) return '';
  if (first === "'") return raw.indexOf("'", 1) === raw.length - 1 ? "'" : '';
  if (first !== '"') return '';
  for (let at = 1; at < raw.length; at++) {
    if (raw.charAt(at) === '\\') at++;
    else if (raw.charAt(at) === '"') return at === raw.length - 1 ? '"' : '';
  }
  return '';
}
