import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import type { Problem } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { boundedProblems, problemAt, shown, tooLong } from '../text-problem.ts';

/** Where a node begins; line and column count from 1. */
export interface YamlPlace {
  readonly line: number;
  readonly column: number;
}

/** Where a value is written: offsets of its first character and of the one after its last, and whether inside brackets. */
export interface YamlSource {
  readonly from: number;
  readonly to: number;
  readonly inBrackets: boolean;
  /** Written without quotes, so that it may be a number, a truth value or nothing. */
  readonly plain: boolean;
  /** Has a tag that makes something else of it, as !!binary; its text is what is written. */
  readonly tagged?: boolean;
}

/**
 * A YAML value with its place. Scalars keep their text as written: `1.10` stays `1.10`, `yes` stays `yes`. What is not
 * written at all (a key without a value) has no source.
 */
export type YamlNode = { readonly place: YamlPlace; readonly source?: YamlSource } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly YamlNode[] }
  | { readonly kind: 'map'; readonly entries: readonly YamlEntry[] }
);

/** One key of a mapping; a key without a value has the empty text. */
export interface YamlEntry {
  readonly key: string;
  readonly keyPlace: YamlPlace;
  readonly value: YamlNode;
}

/** A document as far as it could be read. */
export interface YamlText {
  /** Null for an empty document or one that is not read at all. */
  readonly root: YamlNode | null;
  readonly problems: readonly Problem[];
  /** True when the text is not YAML: what `root` holds may then not be what was meant. */
  readonly broken: boolean;
}

const maxNodes = 200_000;
/** Parsing costs a few microseconds a token, so that this bounds the time a hostile text takes to about two seconds. */
const maxTokens = 500_000;
const maxDepth = 64;

/** Reads one YAML document without ever throwing; aliases are followed, at most 200,000 nodes in all. */
export function readYaml(text: string, file: string): YamlText {
  const long = tooLong(file, text);
  if (long) return { root: null, problems: [long], broken: true };
  let tokens = 0;
  for (const _ of new Lexer().lex(text))
    if (++tokens > maxTokens)
      return { root: null, problems: [problemAt(file, 1, 1, 'the file has too many parts to be read')], broken: true };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    stringKeys: true,
    // The library compares each key with all others; the walk below finds duplicates with a set.
    uniqueKeys: false,
    prettyErrors: false,
    // 'silent' would pass over a second document without a word.
    logLevel: 'error',
    lineCounter: lines,
  });
  const problems: Problem[] = [];
  let broken = false;
  for (const error of document.errors) {
    broken = true;
    const { line, col } = lines.linePos(error.pos[0]);
    const words = cleanLine(yamlWords(error.code, error.message.slice(0, 400)), 200);
    problems.push(problemAt(file, Math.max(line, 1), Math.max(col, 1), words, yamlHint(error.code)));
  }
  const walk = new Walk(lines, (place, message, harm) => {
    if (harm === 'breaks') broken = true;
    problems.push(problemAt(file, place.line, place.column, message));
  });
  const root = document.contents === null ? null : walk.node(document.contents, 0, false);
  return { root, problems: boundedProblems(problems, 20), broken };
}

type Report = (place: YamlPlace, message: string, harm: 'breaks' | 'misleads') => void;

class Walk {
  readonly #lines: LineCounter;
  readonly #report: Report;
  readonly #anchors = new Map<string, Node>();
  #nodes = 0;

  constructor(lines: LineCounter, report: Report) {
    this.#lines = lines;
    this.#report = report;
  }

  /** The value of a parsed node; null when a limit is reached. */
  node(node: Node, depth: number, within: boolean): YamlNode | null {
    const place = this.#place(node);
    const inBrackets = within || (isCollection(node) && node.flow === true);
    if (++this.#nodes > maxNodes) {
      if (this.#nodes === maxNodes + 1) this.#report(place, `the file has more than ${maxNodes} values`, 'breaks');
      return null;
    }
    if (depth > maxDepth) {
      this.#report(place, `values are nested more than ${maxDepth} deep`, 'breaks');
      return null;
    }
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target) return this.node(target, depth + 1, within);
      this.#report(place, `there is no anchor for the alias ${shown(node.source)}`, 'breaks');
      return null;
    }
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    const [from, to] = node.range ?? [0, 0];
    const tagged = isScalar(node) && node.tag !== undefined && node.tag !== 'tag:yaml.org,2002:str';
    const source: YamlSource = { from, to, inBrackets, plain: isScalar(node) && node.type === 'PLAIN', tagged };
    if (isSeq(node)) {
      const items = node.items
        .map((item) => this.#child(item, place, depth, inBrackets))
        .filter((item) => item !== null);
      return { kind: 'list', items, place, source };
    }
    if (isMap(node)) {
      const entries: YamlEntry[] = [];
      const keys = new Set<string>();
      for (const pair of node.items) {
        if (isPair(pair) && isAlias(pair.key))
          this.#report(place, `an alias cannot be a key: ${shown(pair.key.source)}`, 'breaks');
        if (!isPair(pair) || !isScalar(pair.key)) continue;
        const keyPlace = this.#place(pair.key);
        const value = this.#child(pair.value, keyPlace, depth, inBrackets);
        const key = String(pair.key.value);
        if (keys.has(key))
          this.#report(keyPlace, `${shown(key)} is already in this mapping; the last one counts`, 'misleads');
        keys.add(key);
        if (value !== null) entries.push({ key, keyPlace, value });
      }
      return { kind: 'map', entries, place, source };
    }
    const text = isScalar(node) && typeof node.value === 'string' ? node.value : '';
    return { kind: 'text', text, place, source };
  }

  #child(value: unknown, parent: YamlPlace, depth: number, within: boolean): YamlNode | null {
    if (value === null || value === undefined) return { kind: 'text', text: '', place: parent };
    return this.node(value as Node, depth + 1, within);
  }

  #place(node: Node): YamlPlace {
    const { line, col } = this.#lines.linePos(node.range?.[0] ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function yamlWords(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line; YAML takes only blanks';
  if (code === 'MULTIPLE_DOCS') return 'a second document (---) begins here; a file holds one';
  return `not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

/** What to write instead, as far as the kind of error tells. */
function yamlHint(code: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'Indent with blanks, two for each level';
    case 'MULTIPLE_DOCS':
      return 'Remove the line "---", or move what follows into a file of its own';
    case 'BAD_INDENT':
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'Give lines that belong together the same number of blanks in front, and write "key: value"';
    case 'BAD_SCALAR_START':
    case 'BAD_DQ_ESCAPE':
    case 'BAD_ALIAS':
    case 'TAG_RESOLVE_FAILED':
      return "Put the value between single quotes: key: 'value'";
    default:
      return 'Write "key: value" with a blank after the colon, and close every bracket and quote: [a, b], {a: b}, "a"';
  }
}
