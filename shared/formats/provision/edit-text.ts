import type { YamlNode } from '../yaml-tree/read.ts';
import type { WrittenText } from './bundle.ts';
import { toBase64, toDataUrl } from './content.ts';
import { entryOf, itemsOf } from './nodes.ts';
import { escapeAddresses } from './placeholders.ts';
import { isHostname } from './rules.ts';
import { quoted, withBlock, withQuotes } from './scalar.ts';
import { lineEnd, lineStart, offsetOf } from './text-lines.ts';

/**
 * Ways to write another content where a text has it, the best to read first: the smallest change of the text in each, so
 * that comments and everything else stay. None when the place cannot hold it. Which of them says what it should, the
 * caller finds out by reading it. With `dollars` names as $private_ipv4 are kept from being replaced.
 */
export function replaced(text: string, written: WrittenText, content: string, dollars: boolean): string[] {
  const { node, pack, owner, key } = written;
  const value = packed(content, pack);
  if (value === null) return [];
  const lines = dollars ? escapeAddresses(value) : value;
  const words = quoted(value, dollars ? 'words' : 'none');
  if (node === null) return inserted(text, owner, key, words, lines);
  if (!node.source) return [];
  const { from, to, inBrackets, plain } = node.source;
  const quotes = withQuotes(text, from, to, words);
  if (pack === 'line' && plain && /^[A-Za-z]/.test(value))
    return [text.slice(0, from) + value + text.slice(to), quotes];
  const readable = pack === 'plain' && !inBrackets && (value.includes('\n') || /^[|>]/.test(text.slice(from, to)));
  const block = readable ? withBlock(text, from, to, lines, owner.place.column - 1) : null;
  return block === null ? [quotes] : [block, quotes];
}

/** The text without what says a file: its item in a list, or its key alone where the item says more files. */
export function removed(text: string, { list, index, owner, key }: WrittenText): string | null {
  if (list?.kind !== 'list') return null;
  const more = itemsOf(owner, 'drop_ins').length + itemsOf(owner, 'dropins').length > 0;
  if (more) return withoutKey(text, owner, key);
  const item = list.items[index];
  if (!item?.source || !list.source) return null;
  if (list.source.inBrackets) return withoutInBrackets(text, list.items, index);
  const start = lineStart(text, item.source.from);
  if (!/^ *- +$/.test(text.slice(start, item.source.from))) return null;
  const rest = list.items.length > 1 ? '' : `${' '.repeat(text.indexOf('-', start) - start + 2)}[]\n`;
  return text.slice(0, start) + rest + text.slice(afterLine(text, item.source.to));
}

function packed(content: string, pack: WrittenText['pack']): string | null {
  if (pack === 'plain') return content;
  if (pack === 'base64') return content.isWellFormed() ? toBase64(content) : null;
  if (pack === 'data-url') return toDataUrl(content);
  const line = content.replace(/\n$/, '');
  return isHostname(line) ? line : null;
}

function inserted(text: string, owner: YamlNode, key: string, words: string, lines: string): string[] {
  const before =
    entryOf(owner, 'path') ?? entryOf(owner, 'name') ?? (owner.kind === 'map' ? owner.entries.at(-1) : null);
  const source = before?.value.source;
  if (!before || !source || !owner.source || before.value.kind !== 'text') return [];
  if (owner.source.inBrackets) {
    const name = text[offsetOf(text, before.keyPlace)] === '"' ? `"${key}"` : key;
    return [`${text.slice(0, source.to)}, ${name}: ${words}${text.slice(source.to)}`];
  }
  const at = afterLine(text, source.to);
  const line = `${' '.repeat(owner.place.column - 1)}${key}: ${words}\n`;
  const whole = text.slice(0, at) + (text[at - 1] === '\n' ? '' : '\n') + line + text.slice(at);
  const from = whole.indexOf(': ', at) + 2;
  const block = withBlock(whole, from, lineEnd(whole, from), lines, owner.place.column - 1);
  return lines.includes('\n') && block !== null ? [block, whole] : [whole];
}

function withoutKey(text: string, owner: YamlNode, key: string): string | null {
  const entry = entryOf(owner, key);
  if (!entry?.value.source || !owner.source || owner.source.inBrackets) return null;
  const start = offsetOf(text, entry.keyPlace);
  if (!/^ *$/.test(text.slice(lineStart(text, start), start))) return null;
  return text.slice(0, lineStart(text, start)) + text.slice(afterLine(text, entry.value.source.to));
}

function withoutInBrackets(text: string, items: readonly YamlNode[], index: number): string | null {
  const [before, item, after] = [items[index - 1], items[index], items[index + 1]].map((node) => node?.source);
  if (!item) return null;
  if (before) return text.slice(0, before.to) + text.slice(item.to);
  return text.slice(0, item.from) + text.slice(after ? after.from : item.to);
}

/** Behind the line in which a value ends, with the comment that follows it there. */
function afterLine(text: string, to: number): number {
  if (text[to - 1] === '\n') return to;
  return Math.min(lineEnd(text, to) + 1, text.length);
}
