import type { YamlNode } from '../../formats/yaml-tree/read.ts';
import { type KeyStep, printKey } from '../../formats/settings/key-path.ts';
import type { Check, FormField } from './form.ts';
import type { TreeText } from './tree-text.ts';
import { type TreeScalar, wordsOf } from '../../formats/tree-edit/tree-value.ts';
import { anyLine, anyText } from './value-rules.ts';

/** How a key of a tree is shown in a form. */
export interface KeyField {
  readonly key: string;
  readonly label: string;
  readonly kind: 'line' | 'secret' | 'block' | 'choice' | 'flag' | 'number' | 'list';
  readonly hint?: string;
  readonly options?: readonly string[];
  readonly check?: Check;
  /** Whether it cannot be taken out. */
  readonly required?: boolean;
  /** Of a list: what one of it is called. */
  readonly one?: string;
  readonly wide?: boolean;
}

/** The fields of a mapping, whether its keys are written or not. */
export function treeFields(tree: TreeText, steps: readonly KeyStep[], keys: readonly KeyField[]): FormField[] {
  return keys.map((about) => treeField(tree, [...steps, ...about.key.split('.')], about));
}

function treeField(tree: TreeText, steps: readonly KeyStep[], about: KeyField): FormField {
  const { kind, label, hint = null, one = 'value', check } = about;
  const node = tree.at(steps);
  const isFlag = kind === 'flag';
  const shared = {
    id: printKey(steps),
    label,
    hint,
    line: node === null ? null : tree.lineOf(node),
    options: isFlag ? ['true', 'false'] : (about.options ?? []),
  };
  if (kind === 'list')
    return {
      ...shared,
      kind,
      one,
      wide: about.wide ?? false,
      values: node?.kind === 'list' ? node.items.map(textOf) : [],
      check: check ?? anyLine,
      change: (at, value) => (value === null ? tree.remove([...steps, at]) : tree.set([...steps, at], wordsOf(value))),
      append: (value) => tree.append(steps, wordsOf(value)),
    };
  const isBare = isFlag || kind === 'number';
  const scalar = (text: string): TreeScalar => ({ text, bare: isBare });
  return {
    ...shared,
    kind: isFlag ? 'choice' : kind === 'number' ? 'line' : kind,
    value: node === null ? null : isFlag ? flagText(node) : textOf(node),
    check: check ?? (kind === 'block' ? anyText : anyLine),
    write: (value) => {
      if (value === null && about.required)
        return {
          code: 'invalid-input',
          message: `${label} cannot be left out`,
          hint: 'Remove the whole entry instead.',
        };
      return value === null ? tree.remove(steps) : tree.set(steps, scalar(value));
    },
  };
}

function textOf(node: YamlNode): string {
  return node.kind === 'text' ? node.text : '';
}

function flagText(node: YamlNode): string {
  const text = textOf(node);
  if (/^(?:true|yes|on|y)$/i.test(text)) return 'true';
  return /^(?:false|no|off|n)$/i.test(text) ? 'false' : text;
}
