/** One piece of a word. `quoted` pieces are neither split nor matched against file names. */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'variable';
      readonly name: string;
      /** '' for plain, '#n' for the length, else one of - := :- = + :+ # ## % %% ? */
      readonly operator: string;
      readonly argument: Word | null;
      readonly quoted: boolean;
    }
  | { readonly kind: 'command'; readonly list: List; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly quoted: boolean };

export type Word = readonly Part[];

/** `fd` of the process; `target` is a file, another descriptor, or the text of a here-document. */
export interface Redirect {
  readonly fd: number;
  readonly kind: 'read' | 'write' | 'append' | 'overwrite' | 'duplicate' | 'here';
  readonly target: Word;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

export type Command =
  | {
      readonly kind: 'simple';
      readonly assignments: readonly Assignment[];
      readonly words: readonly Word[];
      readonly redirects: readonly Redirect[];
    }
  | { readonly kind: 'group' | 'subshell'; readonly body: List; readonly redirects: readonly Redirect[] }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly test: List; readonly body: List }[];
      readonly otherwise: List | null;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: 'for';
      readonly name: string;
      /** Null: over the positional parameters. */
      readonly words: readonly Word[] | null;
      readonly body: List;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: 'while';
      readonly until: boolean;
      readonly test: List;
      readonly body: List;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: 'case';
      readonly word: Word;
      readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: List }[];
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly body: Command;
      readonly redirects: readonly Redirect[];
    };

export interface Pipeline {
  readonly negated: boolean;
  readonly commands: readonly Command[];
}

/** Pipelines joined by && and ||; the operator stands with the pipeline after it. */
export interface AndOr {
  readonly steps: readonly { readonly after: '' | '&&' | '||'; readonly pipeline: Pipeline }[];
  readonly background: boolean;
}

export type List = readonly AndOr[];

/** What a shell says of a text that it cannot read. */
export class SyntaxProblem extends Error {}
