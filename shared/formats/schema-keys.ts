import { closest } from '#shared/lib/closest.ts';
import type { Findings } from './finding.ts';
import { isFlag, isNothing, isWhole } from './provision/nodes.ts';
import { shown } from './text-problem.ts';
import type { YamlNode } from './yaml-tree/read.ts';

/** What a key takes; `strings` is a list of texts, `maps` a list of maps. */
export type KeyType = 'string' | 'boolean' | 'integer' | 'strings' | 'map' | 'maps';

/** A key as an editor offers it: what it takes, what it does in one sentence, and the values it may have if they are few. */
export interface SchemaKey {
  readonly key: string;
  readonly type: KeyType;
  readonly doc: string;
  readonly values?: readonly string[];
  /** Why it should not be used any more. */
  readonly deprecated?: string;
}

/** A key with what may stand below it. */
export interface KeyShape extends SchemaKey {
  readonly keys?: readonly KeyShape[];
  /** What a value must look like, where that is more than a few words. */
  readonly pattern?: RegExp;
  /** Why it cannot be written here, as "needs version 1.4.0"; it is not offered then. */
  readonly unavailable?: string;
}

/** Says things of a format in its own way. */
export interface ShapeRules {
  readonly findings: Findings;
  /** How much a key that is not known weighs. */
  readonly unknown: 'error' | 'warning';
  /** How much a value of another type weighs. */
  readonly mistyped: 'error' | 'warning';
  /** Quotes decide whether a value is text, as in JSON. */
  readonly strict: boolean;
}

/** The keys that may stand at a path of keys; numbers and `[]` for the items of a list may be left out. */
export function keysBelow(shapes: readonly KeyShape[], path: readonly string[]): SchemaKey[] {
  let level = shapes;
  for (const part of path) {
    if (/^\d*$|^\[\]$/.test(part)) continue;
    level = level.find(({ key }) => key === part)?.keys ?? [];
  }
  return level
    .filter(({ unavailable }) => unavailable === undefined)
    .map(({ key, type, doc, values, deprecated }) => ({
      key,
      type,
      doc,
      ...(values && { values }),
      ...(deprecated !== undefined && { deprecated }),
    }));
}

/** Checks a mapping against its keys: names, types, values; what is below is checked too. */
export function checkKeys(node: YamlNode, shapes: readonly KeyShape[], rules: ShapeRules): void {
  if (node.kind !== 'map') return;
  const known = new Map(shapes.map((shape) => [shape.key, shape]));
  for (const { key, keyPlace, value } of node.entries) {
    const shape = known.get(key);
    if (!shape && key === '<<') {
      rules.findings.error(
        keyPlace,
        'keys of another mapping cannot be taken in by "<<" here',
        'Write the keys themselves.',
      );
      continue;
    }
    if (!shape) {
      const underscored = key.replaceAll('-', '_');
      if (key !== underscored && known.has(underscored)) {
        const hint = `Write "${underscored}". Flatcar passes over keys with a hyphen.`;
        rules.findings.warning(keyPlace, `${shown(key)} has a hyphen, and is not read`, hint);
        continue;
      }
      const near = key.length <= 60 ? closest(key, [...known.keys()]) : null;
      rules.findings[rules.unknown](
        keyPlace,
        `${shown(key)} is not a key that is known here`,
        near === null ? undefined : `Did you mean "${near}"?`,
      );
      continue;
    }
    if (shape.unavailable !== undefined) {
      rules.findings.error(keyPlace, `"${key}" ${shape.unavailable}`);
      continue;
    }
    if (shape.deprecated !== undefined)
      rules.findings.warning(keyPlace, `"${key}" should not be used any more`, shape.deprecated);
    if (isTagged(value)) rules.findings.error(value.place, `"${key}" has a tag, which is not read here`, tagHint);
    else if (!isNothing(value)) checkValue(value, shape, rules);
  }
}

function checkValue(node: YamlNode, shape: KeyShape, rules: ShapeRules): void {
  const { type, key, keys = [] } = shape;
  const wrong = (at: YamlNode, wanted: string): void =>
    rules.findings[rules.mistyped](at.place, `"${key}" must be ${wanted}`, wantedHint(type, key));
  if (type === 'map') {
    if (node.kind === 'map') checkKeys(node, keys, rules);
    else wrong(node, 'a mapping of keys');
  } else if (type === 'maps' || type === 'strings') {
    if (node.kind !== 'list') return wrong(node, 'a list');
    for (const item of node.items)
      if (type === 'maps') {
        if (item.kind === 'map') checkKeys(item, keys, rules);
        else wrong(item, 'a list of mappings');
      } else if (!isText(item, rules.strict)) wrong(item, 'a list of texts');
      else checkWords(item, shape, rules);
  } else if (type === 'boolean' ? !isFlag(node) : type === 'integer' ? !isWhole(node) : !isText(node, rules.strict))
    wrong(node, type === 'string' ? 'a text' : type === 'boolean' ? 'true or false' : 'a whole number');
  else checkWords(node, shape, rules);
}

function checkWords(node: YamlNode, { key, values, pattern }: KeyShape, { findings }: ShapeRules): void {
  if (node.kind !== 'text' || node.text === '') return;
  if (values && !values.includes(node.text))
    findings.error(node.place, `${shown(node.text)} is not a value of "${key}"`, `One of: ${values.join(', ')}.`);
  else if (pattern && !pattern.test(node.text.slice(0, 1000)))
    findings.error(node.place, `${shown(node.text)} is not a value of "${key}"`);
}

const tagHint = 'Write the value as it is, without "!!".';

function isTagged(node: YamlNode): boolean {
  return (node.kind === 'list' ? node.items : [node]).some(({ source }) => source?.tagged === true);
}

function isText(node: YamlNode, strict: boolean): boolean {
  return node.kind === 'text' && !(strict && node.source?.plain === true);
}

function wantedHint(type: KeyType, key: string): string {
  if (type === 'string') return `Write ${key}: "text".`;
  if (type === 'boolean') return `Write ${key}: true, or false, without quotes.`;
  if (type === 'integer') return `Write ${key}: 1, without quotes.`;
  if (type === 'map') return `Write the keys of "${key}" below it, indented.`;
  return `Write each item of "${key}" on a line of its own that begins with "- ".`;
}
