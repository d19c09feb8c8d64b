import { modify, parseTree } from 'jsonc-parser';
import { fail } from '../../contract/problem.ts';
import { applyEdits } from '../settings/edits.ts';
import { writeJsonSetting } from '../settings/json-settings.ts';
import { type KeyStep, printKey } from '../settings/key-path.ts';
import type { TreeScalar, TreeValue } from './tree-value.ts';

/** The text with a value replaced, or added with those keys above it that are not there. Throws a Problem where it cannot be. */
export function setInJson(text: string, steps: readonly KeyStep[], value: TreeScalar): string {
  return writeJsonSetting(text, printKey(steps), printJson(value));
}

/** The text with one more item at the end of a list, which is begun where there is none. */
export function appendInJson(text: string, steps: readonly KeyStep[], value: TreeValue): string {
  const root = parseTree(text);
  let node = root;
  for (const step of steps)
    node =
      typeof step === 'number'
        ? node?.children?.[step]
        : node?.children?.find(({ children }) => children?.[0]?.value === step)?.children?.[1];
  if (node?.type === 'null') {
    const list = `[${printJson(value)}]`;
    return applyEdits(text, [{ from: node.offset, to: node.offset + node.length, text: list }]);
  }
  const at = node?.type === 'array' ? (node.children?.length ?? 0) : 0;
  return writeJsonSetting(text, printKey([...steps, at]), printJson(value));
}

/** The text without a key or an item. */
export function removeInJson(text: string, steps: readonly KeyStep[]): string {
  try {
    const edits = modify(text, [...steps], undefined, {});
    return applyEdits(
      text,
      edits.map(({ offset, length, content }) => ({ from: offset, to: offset + length, text: content })),
    );
  } catch {
    throw fail('unsupported', `${printKey(steps)} cannot be taken out by the form`, { hint: 'Edit the text.' });
  }
}

function printJson(value: TreeValue): string {
  if ('items' in value) return `[${value.items.map(printJson).join(', ')}]`;
  if ('fields' in value)
    return `{ ${value.fields.map(([key, inner]) => `${JSON.stringify(key)}: ${printJson(inner)}`).join(', ')} }`;
  return value.bare ? value.text : JSON.stringify(value.text);
}
