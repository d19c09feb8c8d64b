import type { Problem, TextPlace } from '#shared/contract/problem.ts';

/** One keyword with its arguments; `rest` is the raw text after the keyword, for keywords that take it whole. */
export interface Setting {
  readonly kind: 'setting';
  readonly keyword: string;
  readonly words: readonly string[];
  readonly rest: string;
  readonly place: TextPlace;
}

/** An Include line with the files it names, in reading order. */
export interface Include {
  readonly kind: 'include';
  readonly patterns: readonly string[];
  readonly place: TextPlace;
  files: readonly ConfigFile[];
}

/** One criterion of a Match line; `argument` is empty for all, final and canonical. */
export interface Criterion {
  readonly negated: boolean;
  readonly name: string;
  readonly argument: string;
}

/** When a block applies. A `broken` line never does. */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'host'; readonly patterns: readonly { readonly negated: boolean; readonly text: string }[] }
  | { readonly kind: 'match'; readonly criteria: readonly Criterion[] };

/** The lines from one Host or Match line to the next; the first block of a file has no such line. */
export interface Block {
  readonly condition: Condition;
  readonly place: TextPlace;
  readonly items: (Setting | Include)[];
}

/** One parsed ssh_config file. */
export interface ConfigFile {
  readonly file: string;
  readonly blocks: readonly Block[];
  readonly problems: readonly Problem[];
}

/** The user's configuration and then the system's, with all includes read. */
export interface SshConfig {
  readonly roots: readonly ConfigFile[];
  readonly problems: readonly Problem[];
  /** Paths of all files that were read, for watching. */
  readonly files: readonly string[];
}

/** A configuration that says nothing. */
export const emptySshConfig: SshConfig = { roots: [], problems: [], files: [] };

/** All blocks in reading order, those of included files in place of their Include line. */
export function* allBlocks(files: readonly ConfigFile[]): Generator<Block> {
  for (const file of files)
    for (const block of file.blocks) {
      yield block;
      for (const item of block.items) if (item.kind === 'include') yield* allBlocks(item.files);
    }
}
