/** What the shell's printf writes; the format is used again while words are left. */
export function formatPrintf(format: string, words: readonly string[]): string {
  let out = '';
  let at = 0;
  do {
    const begin = at;
    out += format.replace(
      /\\(?:([abfnrtv\\"'])|x([0-9a-fA-F]{1,2})|0?([0-7]{1,3}))|%%|%([-+ 0#]*)(\d*|\*)(?:\.(\d+))?([diouxXcsbq])/g,
      (whole, escape?: string, hex?: string, octal?: string, flags = '', width = '', precision?: string, kind = '') => {
        if (escape !== undefined) return escapes[escape] ?? whole;
        if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
        if (whole === '%%') return '%';
        const word = words[at++] ?? '';
        return padded(converted(word, kind, precision), flags, Number(width) || 0, kind);
      },
    );
    if (at === begin) break;
  } while (at < words.length);
  return out;
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

function converted(word: string, kind: string, precision: string | undefined): string {
  switch (kind) {
    case 's':
    case 'q':
      return precision === undefined ? word : word.slice(0, Number(precision));
    case 'b':
      return formatPrintf(word.replaceAll('%', '%%'), []);
    case 'c':
      return word.charAt(0);
    case 'x':
      return Math.trunc(Number(word) || 0).toString(16);
    case 'X':
      return Math.trunc(Number(word) || 0)
        .toString(16)
        .toUpperCase();
    case 'o':
      return Math.trunc(Number(word) || 0).toString(8);
    default:
      return String(Math.trunc(Number(word) || 0));
  }
}

function padded(text: string, flags: string, width: number, kind: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (flags.includes('0') && kind !== 's') return text.padStart(width, '0');
  return text.padStart(width);
}
