import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';

/** Words that are something else than text when they stand without quotes, in YAML 1.2 or in 1.1. */
const words =
  /^(?:~|null|true|false|yes|no|on|off|y|n|[-+]?(?:\.\d+|\d[\d_]*(?:\.\d*)?)(?:e[-+]?\d+)?|0[box][\da-f]+|[-+]?\.inf|\.nan|\d+(?::\d+)+|\d{4}-\d\d?-\d\d?.*)$/i;

/** Whether text may stand without quotes and is text then, in a block as well as between brackets. */
export function isPlain(text: string): boolean {
  if (text === '' || text.length > 2000 || text.trim() !== text || words.test(text)) return false;
  if (/^(?:[-?:](?=\s|$)|[#&*!|>'"%@`]|---|\.\.\.|<<$)/.test(text)) return false;
  return !/[,[\]{}\p{Cc}]|: |:$| #/u.test(text);
}

/** A scalar in the form that says the same however it was written: text without quotes where that means no other thing. */
export function valueOf(node: Node | null): string {
  if (node === null) return '';
  if (isAlias(node)) return `*${node.source}`;
  if (isMap(node)) return '{}';
  if (isSeq(node)) return '[]';
  if (!isScalar(node)) return '';
  const value = typeof node.value === 'string' ? node.value : '';
  const tag = node.tag === undefined ? '' : `${node.tag} `;
  if (node.type === 'PLAIN') return tag + value;
  return tag + (isPlain(value) ? value : JSON.stringify(value));
}

/** How a value is written in place of a scalar: as it is, with the quotes that stood there where it is text. */
export function literalFor(value: string, was: Node | null): string {
  const type = isScalar(was) ? was.type : undefined;
  if (!isPlain(value)) return value;
  if (type === 'QUOTE_DOUBLE') return JSON.stringify(value);
  return type === 'QUOTE_SINGLE' ? `'${value.replaceAll("'", "''")}'` : value;
}
