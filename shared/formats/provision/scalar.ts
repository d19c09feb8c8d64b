import { escapeAddresses } from './placeholders.ts';
import { lineEnd, lineStart } from './text-lines.ts';

// Quoted, these would act on a screen, be taken for line ends, or be refused by YAML.
// oxlint-disable-next-line no-control-regex -- control characters are what is escaped
const unsafe = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]/g;
// oxlint-disable-next-line no-control-regex -- control characters are what a block cannot hold
const notInBlock = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]|\p{Cs}/u;

/**
 * What becomes of names as $private_ipv4: `none` in formats that know none, `words` where they must stay words in a
 * cloud-config, `written` where they are written as in a cloud-config already.
 */
export type Dollars = 'none' | 'words' | 'written';

/** A text between double quotes on one line, as JSON and YAML both read it. */
export function quoted(text: string, dollars: Dollars = 'none'): string {
  const json = JSON.stringify(text);
  const words =
    dollars === 'none'
      ? json
      : json.replaceAll(
          dollars === 'words' ? /\$(?=(private|public)_ipv[46])/g : /\\\\\$(?=(private|public)_ipv[46])/g,
          '\\u0024',
        );
  return words.replaceAll(unsafe, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A text as a value behind a key that stands `parent` blanks in: a literal block if it has lines, else between quotes. */
export function valueLines(text: string, parent: number, dollars: Dollars): string {
  const lines = dollars === 'words' ? escapeAddresses(text) : text;
  const block = text.includes('\n') ? literalBlock(lines, parent, parent + 2) : null;
  return block === null ? `${quoted(text, dollars)}\n` : `${block.header}\n${block.body}`;
}

/**
 * A text as a literal block below a key that stands `parent` blanks in: the header behind the colon, and the lines with
 * `indent` blanks in front. Null for what a block cannot hold.
 */
export function literalBlock(text: string, parent: number, indent: number): { header: string; body: string } | null {
  // Blanks at the very end are taken for the block's own by some readers.
  if (/(?:^|\n)[ \t\n]*$/.test(text.replace(/\n*$/, '')) || notInBlock.test(text)) return null;
  const tail = /\n*$/.exec(text)?.[0].length ?? 0;
  // A text that begins with blanks or an empty line hides how far the block is indented; so it is told.
  const told = /^[\s]/.test(text) ? String(indent - parent) : '';
  if (told !== '' && !/^[1-9]$/.test(told)) return null;
  const chomp = tail === 0 ? '-' : tail === 1 ? '' : '+';
  const lines = (tail === 0 ? text : text.slice(0, -1)).split('\n');
  const body = lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n');
  return { header: `|${told}${chomp}`, body: `${body}\n` };
}

/** The text of a document with a scalar replaced by a literal block; what follows on its line (a comment) stays there. */
export function withBlock(document: string, from: number, to: number, text: string, parent: number): string | null {
  const old = document.slice(from, to);
  const wasBlock = /^[|>]/.test(old);
  const given = wasBlock ? (/\n( +)[^\s]/.exec(old)?.[1]?.length ?? 0) : 0;
  const indent = given > parent ? given : parent + 2;
  const block = literalBlock(text, parent, indent);
  if (block === null) return null;
  if (!wasBlock) {
    const end = lineEnd(document, to);
    return `${document.slice(0, from)}${block.header}${document.slice(to, end)}\n${block.body}${document.slice(end + 1)}`;
  }
  const comment = /^[^\n]*?([ \t]+#[^\n]*)/.exec(old)?.[1] ?? '';
  return `${document.slice(0, from)}${block.header}${comment}\n${block.body}${document.slice(endOf(document, to))}`;
}

/** The text of a document with a scalar replaced by one between quotes, `words`; a block's lines go, its comment stays. */
export function withQuotes(document: string, from: number, to: number, words: string): string {
  const old = document.slice(from, to);
  if (!/^[|>]/.test(old)) return document.slice(0, from) + gap(document, from) + words + document.slice(to);
  const comment = /^[^\n]*?([ \t]+#[^\n]*)/.exec(old)?.[1] ?? '';
  return `${document.slice(0, from)}${words}${comment}\n${document.slice(endOf(document, to))}`;
}

/** Where the lines of a block end: behind its last line end. */
function endOf(document: string, to: number): number {
  return lineStart(document, to) === to ? to : Math.min(lineEnd(document, to) + 1, document.length);
}

/** A blank where a value would touch the colon of its key. */
function gap(document: string, from: number): string {
  return document[from - 1] === ':' ? ' ' : '';
}
