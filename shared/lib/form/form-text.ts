import type { Written } from './written.ts';

/** A text that a form is made of, and how another one is put in its place in the document that it lies in. */
export interface FormText {
  /** Of the file, with its path: tells how settings are written in it. */
  readonly name: string;
  readonly text: string;
  /** How many lines of the document stand above its first; null where its lines are not lines of the document. */
  readonly above: number | null;
  readonly put: (text: string) => Written;
}
