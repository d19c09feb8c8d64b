import { isScalar, type Node } from 'yaml';
import { literalBlock, quoted } from '../provision/scalar.ts';
import { isPlain } from '../settings/yaml-scalar.ts';
import { type TreeScalar, type TreeValue, wordsOf } from './tree-value.ts';

/** A scalar on one line, with the quotes that stood there before where it may have them. */
export function yamlScalar({ text, bare }: TreeScalar, was: Node | null = null): string {
  const type = isScalar(was) ? was.type : undefined;
  if (bare) return text;
  if (type === 'QUOTE_SINGLE' && /^[ -~]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return type !== 'QUOTE_DOUBLE' && isPlain(text) ? text : quoted(text);
}

/** A value on one line, as it stands between brackets. */
export function yamlInBrackets(value: TreeValue): string {
  if ('items' in value) return `[${value.items.map(yamlInBrackets).join(', ')}]`;
  if ('fields' in value) return `{${value.fields.map(([key, inner]) => yamlPair(key, inner)).join(', ')}}`;
  return yamlScalar(value);
}

/** A key and its value on one line. */
export function yamlPair(key: string, value: TreeValue): string {
  return `${yamlScalar(wordsOf(key))}: ${yamlInBrackets(value)}`;
}

/** The lines of a key and its value; `before` stands in front of the key, as wide as what is indented below it. */
export function yamlEntry(key: string, value: TreeValue, before: string): string {
  return `${before}${yamlScalar(wordsOf(key))}:${yamlBehind(value, before.length)}`;
}

/** What stands behind the colon of a key that is `indent` blanks in, to the end of its last line. */
export function yamlBehind(value: TreeValue, indent: number): string {
  const blanks = ' '.repeat(indent + 2);
  if ('items' in value) return `\n${value.items.map((item) => yamlItem(item, blanks)).join('')}`;
  if ('fields' in value) return `\n${value.fields.map(([inner, one]) => yamlEntry(inner, one, blanks)).join('')}`;
  const block = value.text.includes('\n') ? literalBlock(value.text, indent, indent + 2) : null;
  return block ? ` ${block.header}\n${block.body}` : ` ${yamlScalar(value)}\n`;
}

/** The lines of an item of a list. */
export function yamlItem(value: TreeValue, blanks: string): string {
  if (!('fields' in value) || value.fields.length === 0) return `${blanks}- ${yamlInBrackets(value)}\n`;
  return value.fields
    .map(([key, inner], index) => yamlEntry(key, inner, blanks + (index === 0 ? '- ' : '  ')))
    .join('');
}
