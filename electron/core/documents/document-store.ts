import type { ConfigDocument, DocumentRevision } from '#shared/contract/document.ts';
import { fail, type Problem, type ProblemError } from '#shared/contract/problem.ts';

/** A document as of one revision; null document: it was removed by it. */
export interface KeptDocument {
  readonly document: ConfigDocument | null;
  readonly revision: DocumentRevision;
}

/** Everything that is kept now, by name, and why the rest cannot be read. */
export interface KeptDocuments {
  readonly documents: ReadonlyMap<string, KeptDocument>;
  /** By the name of the document that cannot be read. */
  readonly broken: ReadonlyMap<string, Problem>;
}

/** Who saves, when and why. */
export interface Saving {
  readonly by: string;
  readonly at: number;
  readonly message: string;
}

/**
 * Where documents are kept: the cluster's etcd, this console's disk, or a folder that git may share. All keep the same
 * promises: a save is made whole or not at all, revisions count up by one and are never written twice, and what was saved
 * survives a crash of this program. Everything rejects with ProblemError.
 */
export interface DocumentStore {
  readonly kind: 'etcd' | 'local' | 'folder';
  /** In words that go on "documents are kept in …". */
  readonly where: string;
  /** As of a revision, null for the newest; `not-found` says why. */
  read(name: string, revision: number | null): Promise<KeptDocument>;
  /** The newest first. */
  revisions(name: string): Promise<DocumentRevision[]>;
  /** `base` is the revision that was edited, null for a new one; `conflict` when another is the newest by now. */
  save(document: ConfigDocument, base: number | null, saving: Saving): Promise<DocumentRevision>;
  remove(name: string, base: number, saving: Saving): Promise<DocumentRevision>;
  /** Tells all that is kept at once and after each change, whoever made it; `trouble` tells why it is behind, null when it no longer is. */
  watch(news: (kept: KeptDocuments) => void, trouble: (problem: Problem | null) => void): () => void;
}

/** Revisions of one document that are kept. */
export const mostRevisions = 500;

/** Documents that one cluster may keep. */
export const mostDocuments = 1000;

/** Texts larger than this are no configuration, and no change writes them. */
export const largestContent = 262_144;

/** The refusal of a save whose base is not the newest revision; null when it is. */
export function conflictOf(name: string, newest: DocumentRevision | null, base: number | null): ProblemError | null {
  if (newest === null)
    return base === null ? null : fail('conflict', `there is no document ${name}`, { hint: 'Save it as a new one.' });
  const { revision, by, at, hash } = newest;
  if (base === revision || (base === null && hash === null)) return null;
  const when = new Date(at).toISOString();
  if (base === null)
    return fail('conflict', `there is a document ${name} already: revision ${revision} by ${by} at ${when}`, {
      hint: 'Open it, or choose another name.',
    });
  const did = hash === null ? 'removed it' : `saved revision ${revision}`;
  return fail('conflict', `${by} ${did} at ${when}; you edited revision ${base}`, {
    hint: 'Compare with the newest revision, then save again.',
  });
}

/** Throws `invalid-input` for a text that no host could be given. */
export function checkContent({ name, content }: ConfigDocument): void {
  const bytes = Buffer.byteLength(content);
  if (bytes > largestContent) throw fail('invalid-input', `${name} has ${bytes} bytes; ${largestContent} is the most`);
  const nul = content.indexOf('\0');
  if (nul >= 0) throw fail('invalid-input', `${name} holds a NUL byte at character ${nul + 1}, which is no text`);
}

/** The list with a word on what is no longer kept, said where it begins. */
export function withDropped(revisions: readonly DocumentRevision[]): DocumentRevision[] {
  const newestFirst = revisions.toSorted((a, b) => b.revision - a.revision);
  const oldest = newestFirst.at(-1);
  if (!oldest || oldest.revision === 1) return newestFirst;
  const gone = oldest.revision - 1;
  const words = gone === 1 ? 'revision 1 is no longer kept' : `revisions 1 to ${gone} are no longer kept`;
  const message = oldest.message === '' ? `(${words})` : `${oldest.message.slice(0, 440)} (${words})`;
  return [...newestFirst.slice(0, -1), { ...oldest, message }];
}
