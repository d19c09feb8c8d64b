import { fail, type Problem } from '../../contract/problem.ts';
import { readJson } from '../../formats/json-tree/read.ts';
import { entryOf, isNothing } from '../../formats/provision/nodes.ts';
import type { KeyStep } from '../../formats/settings/key-path.ts';
import { readYaml, type YamlNode } from '../../formats/yaml-tree/read.ts';
import { appendInJson, removeInJson, setInJson } from '../../formats/tree-edit/edit-json.ts';
import { appendInYaml, removeInYaml, setInYaml } from '../../formats/tree-edit/edit-yaml.ts';
import type { FormText } from './form-text.ts';
import { changed, type Plain, plainNode, plainValue, said, withItem } from '../../formats/tree-edit/plain-tree.ts';
import { type Written, written } from './written.ts';
import { type TreeScalar, type TreeValue, wordsOf } from '../../formats/tree-edit/tree-value.ts';

/** A text of keys and values that is read as a tree and edited in place; each edit answers the text it makes. */
export class TreeText {
  readonly root: YamlNode | null;
  /** Why it cannot be read; null when it can. */
  readonly problem: Problem | null;
  readonly #text: FormText;
  readonly #isJson: boolean;
  readonly #problems: number;

  constructor(text: FormText, isJson: boolean) {
    this.#text = text;
    this.#isJson = isJson;
    const { root, problems, broken } = this.#read(text.text);
    this.root = root;
    this.#problems = problems.length;
    this.problem = broken ? (problems[0] ?? { code: 'invalid-input', message: 'the text cannot be read' }) : null;
  }

  /** What is written at a place; null when nothing is. */
  at(steps: readonly KeyStep[]): YamlNode | null {
    let node = this.root;
    for (const step of steps) {
      if (typeof step === 'number') node = (node?.kind === 'list' ? node.items[step] : undefined) ?? null;
      else node = entryOf(node, step)?.value ?? null;
    }
    return node === null || isNothing(node) ? null : node;
  }

  /** The text that is written at a place; null when none is. */
  textAt(steps: readonly KeyStep[]): string | null {
    const node = this.at(steps);
    return node?.kind === 'text' ? node.text : null;
  }

  /** The line of the document where a value begins. */
  lineOf({ place }: YamlNode): number | null {
    return this.#text.above === null ? null : this.#text.above + place.line;
  }

  lineAt(steps: readonly KeyStep[]): number | null {
    const node = this.at(steps);
    return node && this.lineOf(node);
  }

  /** The text of a file that is written at a place, or can be. */
  within(steps: readonly KeyStep[], name: string): FormText {
    const node = this.at(steps);
    const from = node?.source?.from ?? -1;
    const isBlock = from >= 0 && this.#text.text.startsWith('|', from) && this.#text.above !== null;
    return {
      name,
      text: node?.kind === 'text' ? node.text : '',
      above: isBlock && node ? (this.#text.above ?? 0) + node.place.line : null,
      put: (text) => this.set(steps, wordsOf(text)),
    };
  }

  set(steps: readonly KeyStep[], value: TreeScalar): Written {
    return this.#write(
      (text) => (this.#isJson ? setInJson : setInYaml)(text, steps, value),
      (before) => changed(before, steps, () => value.text),
    );
  }

  append(steps: readonly KeyStep[], value: TreeValue): Written {
    return this.#write(
      (text) => (this.#isJson ? appendInJson : appendInYaml)(text, steps, value),
      (before) => changed(before, steps, (was) => withItem(was, plainValue(value))),
    );
  }

  remove(steps: readonly KeyStep[]): Written {
    return this.#write(
      (text) => (this.#isJson ? removeInJson : removeInYaml)(text, steps),
      (before) => changed(before, steps, () => undefined),
    );
  }

  /** The text with an edit in it, once reading it again says exactly what was before with this edit. */
  #write(edit: (text: string) => string, wished: (before: Plain) => Plain): Written {
    return written(() => {
      const made = edit(this.#text.text);
      const { root, broken, problems } = this.#read(made);
      if (broken || problems.length > this.#problems || said(plainNode(root)) !== said(wished(plainNode(this.root))))
        throw fail('unsupported', 'the form cannot write this here without changing something else', {
          hint: 'Edit the text.',
        });
      return this.#text.put(made);
    });
  }

  #read(text: string) {
    return this.#isJson ? readJson(text, this.#text.name) : readYaml(text, this.#text.name);
  }
}
