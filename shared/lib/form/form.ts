import type { Problem } from '../../contract/problem.ts';
import type { Written } from './written.ts';

/** Why a value cannot be written, in words that name the rule; null when it can. */
export type Check = (value: string) => string | null;

interface FieldAbout {
  /** Tells it from all others of the form, and stays while the text changes elsewhere. */
  readonly id: string;
  readonly label: string;
  readonly hint: string | null;
  /** Where the document says it; null where it does not, or not in a line of its own. */
  readonly line: number | null;
  readonly check: Check;
  /** Values to choose from; others may be typed, but for a `choice`. */
  readonly options: readonly string[];
}

/** One value; null when the document does not say it. Writing null takes it out of the text. */
export interface ValueField extends FieldAbout {
  readonly kind: 'line' | 'secret' | 'block' | 'choice';
  readonly value: string | null;
  readonly write: (value: string | null) => Written;
}

/** Several values of one name. */
export interface ListField extends FieldAbout {
  readonly kind: 'list';
  readonly values: readonly string[];
  /** What one of the values is called, as in "Add SSH key". */
  readonly one: string;
  /** Whether its values are long. */
  readonly wide: boolean;
  /** Another value in place of one, or with null one less. */
  readonly change: (at: number, value: string | null) => Written;
  readonly append: (value: string) => Written;
}

export type FormField = ValueField | ListField;

/** Something that can be added: a user, a route, a setting. */
export interface FormAdd {
  readonly id: string;
  /** A verb and its object, as "Add a user". */
  readonly label: string;
  /** What is asked first. */
  readonly ask: string;
  readonly hint: string | null;
  readonly options: readonly string[];
  readonly check: Check;
  readonly write: (value: string) => Written;
}

/** What lies in an entry. */
export interface Within {
  readonly entries: readonly FormEntry[];
  readonly adds: readonly FormAdd[];
}

/** What lies in an entry that has fields only. */
export const nothingWithin = (): Within => ({ entries: [], adds: [] });

/** One thing that a document says: a user, a unit, a section of a file. */
export interface FormEntry {
  readonly id: string;
  readonly title: string;
  /** Where it is documented; null where that is not in one place. */
  readonly page: string | null;
  readonly note: string | null;
  readonly line: number | null;
  readonly fields: readonly FormField[];
  /** What lies in it, and what can be added to it; read when it is looked at, as a document may hold very many. */
  readonly within: () => Within;
  /** Null where it is not removed as a whole. */
  readonly remove: { readonly label: string; readonly write: () => Written } | null;
}

/** What belongs together: all users, all units. */
export interface FormPart {
  readonly id: 'users' | 'units' | 'network' | 'updates';
  readonly title: string;
  readonly entries: readonly FormEntry[];
  readonly adds: readonly FormAdd[];
}

/** A document as a form; with a problem where its text cannot be read, and then without parts. */
export interface Form {
  readonly parts: readonly FormPart[];
  readonly problem: Problem | null;
}
