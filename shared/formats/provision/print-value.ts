import { quoted } from './scalar.ts';

/** A short text as a YAML value: plain where nothing can misread it, else between quotes. */
export function shortValue(text: string): string {
  const plain =
    /^[A-Za-z/][A-Za-z0-9_/.@+-]{0,200}$/.test(text) && !/^(true|false|yes|no|on|off|y|n|null)$/i.test(text);
  return plain ? text : quoted(text, 'words');
}

/** Lines of a list of short texts below a key that stands `indent` blanks in; none for an empty list. */
export function listLines(key: string, texts: readonly string[], indent: number): string {
  if (texts.length === 0) return '';
  const blanks = ' '.repeat(indent);
  return `${blanks}${key}:\n${texts.map((text) => `${blanks}  - ${shortValue(text)}\n`).join('')}`;
}

/** One line of a key with a short text; none when there is nothing to say. */
export function line(key: string, value: string | boolean | number | null, indent: number): string {
  if (value === null) return '';
  return `${' '.repeat(indent)}${key}: ${typeof value === 'string' ? shortValue(value) : String(value)}\n`;
}
