import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Problem } from '#shared/contract/problem.ts';
import { boundedProblems, problemAt, shown, tooLong } from '../text-problem.ts';
import type { YamlEntry, YamlNode, YamlPlace, YamlText } from '../yaml-tree/read.ts';

const maxDepth = 64;
const words: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no JSON value; texts stand between double quotes',
  InvalidNumberFormat: 'this is no number as JSON has it',
  PropertyNameExpected: 'a key in double quotes is missing here',
  ValueExpected: 'a value is missing here',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing here',
  CloseBraceExpected: 'a closing brace } is missing here',
  CloseBracketExpected: 'a closing bracket ] is missing here',
  EndOfFileExpected: 'the text goes on after its end',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfString: 'a text is not closed by double quotes',
  InvalidUnicode: 'this is no character: \\u and four hexadecimal digits',
  InvalidEscapeCharacter: 'this escape is none that JSON has',
  InvalidCharacter: 'a control character must be escaped',
};

/** Reads JSON into the same tree as YAML, without ever throwing; numbers and truth values are plain, texts are not. */
export function readJson(text: string, file: string): YamlText {
  const long = tooLong(file, text);
  if (long) return { root: null, problems: [long], broken: true };
  const places = new Places(text);
  const deep = tooDeep(text);
  if (deep !== null) {
    const { line, column } = places.at(deep);
    const problem = problemAt(file, line, column, `values are nested more than ${maxDepth} deep`);
    return { root: null, problems: [problem], broken: true };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: true });
  const problems: Problem[] = errors.slice(0, 20).map(({ error, offset }) => {
    const { line, column } = places.at(offset);
    return problemAt(file, line, column, `not JSON: ${words[printParseErrorCode(error)] ?? 'it cannot be read here'}`);
  });
  const twice = (key: string, { line, column }: YamlPlace): void => {
    problems.push(problemAt(file, line, column, `${shown(key)} is already in this object; the last one counts`));
  };
  const root = tree === undefined ? null : nodeOf(tree, text, places, twice);
  return { root, problems: boundedProblems(problems, 20), broken: errors.length > 0 };
}

/** Where brackets are nested too deep for a parser that calls itself; null when they are not. */
function tooDeep(text: string): number | null {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at++;
      else if (letter === '"' || letter === '\n') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '[' || letter === '{') {
      if (++depth > maxDepth) return at;
    } else if (letter === ']' || letter === '}') depth--;
  }
  return null;
}

function nodeOf(node: Node, text: string, places: Places, twice: (key: string, place: YamlPlace) => void): YamlNode {
  const place = places.at(node.offset);
  const plain = node.type === 'number' || node.type === 'boolean' || node.type === 'null';
  const source = { from: node.offset, to: node.offset + node.length, inBrackets: true, plain };
  if (node.type === 'array') {
    const items = (node.children ?? []).map((child) => nodeOf(child, text, places, twice));
    return { kind: 'list', items, place, source };
  }
  if (node.type !== 'object') {
    const value: unknown = node.value;
    const written = typeof value === 'string' ? value : text.slice(source.from, source.to);
    return { kind: 'text', text: written, place, source };
  }
  const entries: YamlEntry[] = [];
  const seen = new Set<string>();
  for (const { children = [] } of node.children ?? []) {
    const [keyNode, valueNode] = children;
    if (!keyNode || !valueNode) continue;
    const key = String(keyNode.value);
    const keyPlace = places.at(keyNode.offset);
    if (seen.has(key)) twice(key, keyPlace);
    seen.add(key);
    entries.push({ key, keyPlace, value: nodeOf(valueNode, text, places, twice) });
  }
  return { kind: 'map', entries, place, source };
}

/** Lines and columns of offsets. */
class Places {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  at(offset: number): YamlPlace {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}
