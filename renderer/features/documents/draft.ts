import { configDocument, type ConfigDocument } from '#shared/contract/document.ts';

/** A document while it is edited: the revision it was taken from, and what is typed. */
export interface Draft {
  /** Null for a document that was never saved. */
  readonly base: number | null;
  readonly original: ConfigDocument;
  readonly document: ConfigDocument;
  readonly message: string;
}

/** A revision as a draft in which nothing is typed yet. */
export function draftOf(document: ConfigDocument, base: number | null): Draft {
  return { base, original: document, document, message: '' };
}

/** Whether something would be lost if the draft were. */
export function isEdited({ original, document }: Draft): boolean {
  return JSON.stringify(original) !== JSON.stringify(document);
}

/** Why a document cannot be saved as it is, by field; null when it can. */
export function wrongIn(document: ConfigDocument): { readonly field: string; readonly message: string } | null {
  const read = configDocument.safeParse(document);
  if (read.success) return null;
  const issue = read.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  if (field === 'name') return { field, message: `The name is ${issue?.message ?? 'wrong'}.` };
  if (field === 'file.path') return { field, message: 'The path is not an absolute path of a file.' };
  if (field === 'file.mode') return { field, message: 'The mode is three or four octal digits, as 644.' };
  return { field, message: `${field || 'The document'}: ${issue?.message ?? 'is not valid'}.` };
}

// What is typed outlives its page: a lost line takes the view away until it is back.
const kept = new Map<string, Draft>();

/** What was typed in this window and not saved, by cluster and document. */
export const keptDrafts = {
  get: (cluster: string, name: string): Draft | null => kept.get(`${cluster} ${name}`) ?? null,
  put(cluster: string, name: string, draft: Draft): void {
    if (isEdited(draft)) kept.set(`${cluster} ${name}`, draft);
    else kept.delete(`${cluster} ${name}`);
  },
  drop: (cluster: string, name: string): void => void kept.delete(`${cluster} ${name}`),
};
