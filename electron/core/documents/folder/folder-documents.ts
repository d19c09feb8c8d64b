import type { ConfigDocument, DocumentRevision } from '#shared/contract/document.ts';
import { fail, type Problem, ProblemError, toProblem } from '#shared/contract/problem.ts';
import { documentHash } from '../document-hash.ts';
import type { KeptDocument, Saving } from '../document-store.ts';
import { conflictOf, mostRevisions } from '../document-store.ts';
import { markOf } from './plain-files.ts';
import { RevisionFiles } from './revision-files.ts';
import { type WorkingDocument, WorkingFiles } from './working-files.ts';

/** Files written within this time may be half of what somebody is writing. */
const settleMs = 1000;
const outside = 'outside';

/** How one document stands in the folder. */
export interface Looked {
  /** What is in force; null when it is not there. */
  readonly kept: KeptDocument | null;
  readonly problem: Problem | null;
  /** Somebody is writing it: look again in a moment. */
  readonly again: boolean;
}

interface Known extends Looked {
  readonly signature: string;
}

/**
 * The documents of one folder, one at a time. What is in force is what the files say; a file that is not what the newest
 * revision says was edited by another program, and becomes a revision by "outside".
 */
export class FolderDocuments {
  readonly working: WorkingFiles;
  readonly revisions: RevisionFiles;
  readonly #mayWrite: () => boolean;
  readonly #known = new Map<string, Known>();

  constructor(folder: string, mayWrite: () => boolean) {
    this.working = new WorkingFiles(folder);
    this.revisions = new RevisionFiles(folder);
    this.#mayWrite = mayWrite;
  }

  /** Never rejects. */
  async look(name: string): Promise<Looked> {
    try {
      const numbers = await this.revisions.numbers(name);
      const before = this.#known.get(name);
      const sign = async (document: ConfigDocument | null) =>
        `${numbers.at(-1) ?? 0} ${await this.working.signature(name, document)}`;
      const signed = await sign(before?.kept?.document ?? null);
      if (before && !before.again && before.signature === signed) return before;
      const looked = await this.#compare(name, numbers);
      // What was written while it was read is not what was read: it counts from the next look on.
      const isWhatWasRead = signed === (await sign(looked.kept?.document ?? null));
      const newest = looked.kept?.revision.revision ?? 0;
      const signature = isWhatWasRead && newest === (numbers.at(-1) ?? 0) ? signed : '';
      this.#known.set(name, { ...looked, signature });
      return looked;
    } catch (error) {
      return { kept: this.#known.get(name)?.kept ?? null, problem: folderProblem(error), again: false };
    }
  }

  async #compare(name: string, numbers: readonly number[]): Promise<Looked> {
    const last = numbers.at(-1);
    const newest = last === undefined ? null : await this.revisions.read(name, last);
    const found = await this.working.read(name);
    const there = newest?.document ? newest : null;
    if (found.problem) return { kept: there, problem: found.problem, again: false };
    const hash = found.document && documentHash(found.document);
    if (hash === (newest?.revision.hash ?? null)) return { kept: there, problem: null, again: false };
    const savedMs = last === undefined ? 0 : ((await markOf(this.revisions.fileOf(name, last)))?.modifiedMs ?? 0);
    if (Date.now() - Math.max(found.touchedMs, savedMs) < settleMs) return { kept: there, problem: null, again: true };
    if (newest && savedMs >= found.touchedMs && (await this.#isBefore(name, numbers, hash))) {
      // A save that was cut short between its revision and its files.
      if (newest.document) await this.working.write(newest.document, found.document);
      else if (found.document) await this.working.remove(found.document);
      return { kept: there, problem: null, again: false };
    }
    return this.#takeOver(name, newest, found);
  }

  async #isBefore(name: string, numbers: readonly number[], hash: string | null): Promise<boolean> {
    const last = numbers.at(-2);
    return hash !== null && last !== undefined && (await this.revisions.read(name, last)).revision.hash === hash;
  }

  /** Keeps what another program wrote as a revision; where nothing may be written it is shown all the same. */
  async #takeOver(
    name: string,
    newest: KeptDocument | null,
    { document, touchedMs }: WorkingDocument,
  ): Promise<Looked> {
    const revision: DocumentRevision = {
      revision: (newest?.revision.revision ?? 0) + 1,
      by: outside,
      at: document ? Math.round(touchedMs) : Date.now(),
      message: document ? 'changed by another program' : 'removed by another program',
      hash: document && documentHash(document),
    };
    const kept = { document, revision };
    if (this.#mayWrite()) {
      try {
        if (!(await this.revisions.write(name, kept))) return { kept: newest, problem: null, again: true };
      } catch (error) {
        if (folderProblem(error).code !== 'permission') throw error;
      }
    }
    return { kept: document ? kept : null, problem: null, again: false };
  }

  /** Null document: remove it. */
  async write(
    name: string,
    document: ConfigDocument | null,
    base: number | null,
    { by, at, message }: Saving,
  ): Promise<DocumentRevision> {
    try {
      await this.working.makeFolder();
      for (const until = Date.now() + 3 * settleMs; ; ) {
        const { again, problem, kept: before } = await this.look(name);
        if (!again) {
          if (problem) throw new ProblemError(problem);
          const numbers = await this.revisions.numbers(name);
          const last = numbers.at(-1);
          const newest = last === undefined ? null : (await this.revisions.read(name, last)).revision;
          const conflict = conflictOf(name, newest, base);
          if (conflict) throw conflict;
          const revision = { revision: (last ?? 0) + 1, by, at, message, hash: document && documentHash(document) };
          if (await this.revisions.write(name, { document, revision })) {
            if (document) await this.working.write(document, before?.document ?? null);
            else if (before?.document) await this.working.remove(before.document);
            for (const old of numbers.slice(0, Math.max(0, numbers.length + 1 - mostRevisions)))
              await this.revisions.drop(name, old);
            return revision;
          }
        }
        if (Date.now() > until) throw fail('busy', `${name} is being written by another program; try again`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } catch (error) {
      throw new ProblemError(folderProblem(error));
    }
  }
}

/** What the file system said, in words. */
export function folderProblem(error: unknown): Problem {
  const problem = toProblem(error);
  const { code, path } = error as NodeJS.ErrnoException;
  if (problem.code !== 'internal' || code === undefined) return problem;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return { code: 'permission', message: `${path ?? 'the folder'} may not be written (${code})` };
  if (code === 'ENOSPC') return { code: 'refused', message: 'the disk is full' };
  return { code: 'unreachable', message: `${path ?? 'the folder'} cannot be used (${code})` };
}
