import { basename } from 'node:path';
import { documentName } from '#shared/contract/document.ts';
import { fail, type Problem, ProblemError } from '#shared/contract/problem.ts';
import { FolderWatch } from '../../clusters/cluster-folder.ts';
import type { Log } from '../../lib/log.ts';
import type { Scope } from '../../lib/scope.ts';
import { checkContent, type DocumentStore, type KeptDocument, mostDocuments, withDropped } from '../document-store.ts';
import { FolderDocuments, folderProblem } from './folder-documents.ts';
import { namesIn } from './plain-files.ts';

export interface FolderStoreOptions {
  readonly folder: string;
  readonly scope: Scope;
  readonly log: Log;
  /** False: what other programs edit is shown, but not kept as a revision. */
  readonly mayWrite: () => boolean;
}

const debounceMs = 200;
/** File system events may be missed, and are not had on every kind of disk. */
const rescanMs = 10_000;
const againMs = 300;

/** Documents in a folder: text files and what they are, with revisions below `.revisions`. Nothing outside of it is touched. */
export function folderDocumentStore({ folder, scope, log, mayWrite }: FolderStoreOptions): DocumentStore {
  const documents = new FolderDocuments(folder, mayWrite);
  const listeners = new Set<{
    news: Parameters<DocumentStore['watch']>[0];
    trouble: Parameters<DocumentStore['watch']>[1];
  }>();
  // One thing at a time: a scan must not see half of a save.
  let queue: Promise<unknown> = Promise.resolve();
  const queued = <T>(task: () => Promise<T>): Promise<T> => {
    const next = queue.then(task);
    queue = next.catch(() => {});
    return next;
  };
  // Whoever ends the scope finds nothing being written in the folder afterwards.
  scope.add(async () => void (await queue));
  let told = '';
  const scan = async (): Promise<void> => {
    if (scope.ended || listeners.size === 0) return;
    const kept = new Map<string, KeptDocument>();
    const broken = new Map<string, Problem>();
    let again = false;
    let trouble: Problem | null = null;
    try {
      const there = await namesIn(folder);
      if (there.length === 0) watch.arm();
      const names = [...new Set([...(await documents.working.names()), ...(await documents.revisions.names())])];
      if (names.length > mostDocuments)
        trouble = {
          code: 'refused',
          message: `${folder} holds more than ${mostDocuments} documents; the rest is left out`,
        };
      for (const name of names.toSorted().slice(0, mostDocuments)) {
        const looked = await documents.look(name);
        if (looked.kept?.document) kept.set(name, looked.kept);
        if (looked.problem) broken.set(name, looked.problem);
        again ||= looked.again;
      }
    } catch (error) {
      trouble = folderProblem(error);
    }
    if (scope.ended) return;
    if (again) scope.after(againMs, rescan);
    const now = JSON.stringify([[...kept].map(([name, { revision }]) => [name, revision]), [...broken], trouble]);
    if (now === told) return;
    told = now;
    for (const { news, trouble: tell } of listeners) {
      if (trouble?.code !== 'unreachable' && trouble?.code !== 'permission') news({ documents: kept, broken });
      tell(trouble);
    }
  };
  const rescan = () =>
    void queued(scan).catch((error: unknown) => log.error('a scan of documents failed', { error: String(error) }));
  const watch = new FolderWatch(folder, scope, log, debounceMs, rescan);
  scope.every(rescanMs, () => {
    watch.arm();
    rescan();
  });
  const change = async <T>(task: () => Promise<T>): Promise<T> => {
    const done = await queued(task);
    watch.arm();
    rescan();
    return done;
  };
  return {
    kind: 'folder',
    where: `the folder ${basename(folder)}`,
    read: (name, revision) =>
      queued(async () => {
        if (!documentName.safeParse(name).success) throw fail('not-found', `there is no document ${name}`);
        const { kept, problem } = await documents.look(name);
        if (revision === null || revision === kept?.revision.revision) {
          if (kept) return kept;
          throw problem ? new ProblemError(problem) : fail('not-found', `there is no document ${name}`);
        }
        const numbers = await documents.revisions.numbers(name);
        if (numbers.includes(revision)) return documents.revisions.read(name, revision);
        const why = revision < (numbers[0] ?? 0) ? 'is no longer kept' : 'does not exist';
        throw fail('not-found', `revision ${revision} of ${name} ${why}`);
      }),
    revisions: (name) =>
      queued(async () => {
        const numbers = await documents.revisions.numbers(name);
        if (numbers.length === 0) throw fail('not-found', `there is no document ${name}`);
        const all = numbers.map(async (number) => (await documents.revisions.read(name, number)).revision);
        return withDropped(await Promise.all(all));
      }),
    save: (document, base, saving) =>
      change(async () => {
        checkContent(document);
        return documents.write(document.name, document, base, saving);
      }),
    remove: (name, base, saving) => change(() => documents.write(name, null, base, saving)),
    watch(news, trouble) {
      const listener = { news, trouble };
      listeners.add(listener);
      told = '';
      watch.arm();
      rescan();
      return () => listeners.delete(listener);
    },
  };
}
