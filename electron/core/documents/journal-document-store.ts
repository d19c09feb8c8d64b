import { type ConfigDocument, documentName, type DocumentRevision } from '#shared/contract/document.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import type { JournalStore, StoredEntry, StoreGuard, StoreNews, StoreStep } from '../changes/journal-store.ts';
import { Limiter } from '../lib/limiter.ts';
import { documentHash } from './document-hash.ts';
import {
  checkContent,
  conflictOf,
  type DocumentStore,
  type KeptDocument,
  mostDocuments,
  mostRevisions,
  type Saving,
  withDropped,
} from './document-store.ts';
import { keys, parseStored, storedHead, storedRevision, storedText } from './stored-values.ts';

const attempts = 5;
/** A commit takes a hundred steps, and each revision that goes has two keys. */
const mostDropped = 20;
const retryMs = 2000;

/** Documents in the journal's store: the cluster's etcd, shared by all consoles, or this console's own disk. */
export function journalDocumentStore(store: JournalStore, where: string): DocumentStore {
  const head = async (name: string) => {
    const entry = await store.get(keys.head(name));
    return entry && { modified: entry.modified, ...parseStored(storedHead, entry) };
  };
  const textOf = async (name: string, revision: DocumentRevision): Promise<KeptDocument> => {
    if (revision.hash === null) return { document: null, revision };
    const entry = await store.get(keys.text(name, revision.revision));
    if (!entry) throw fail('protocol', `the text of revision ${revision.revision} of ${name} is not there`);
    const { document } = parseStored(storedText, entry);
    if (document.name !== name || documentHash(document) !== revision.hash)
      throw fail('protocol', `${entry.key} is not what was saved as revision ${revision.revision}`, {
        hint: 'Somebody else wrote there; save the document again.',
      });
    return { document, revision };
  };
  /** Null document: remove it. */
  const write = async (
    name: string,
    document: ConfigDocument | null,
    base: number | null,
    { by, at, message }: Saving,
  ): Promise<DocumentRevision> => {
    for (let attempt = 1; ; attempt++) {
      const before = await head(name);
      const conflict = conflictOf(name, before && before.last, base);
      if (conflict) throw conflict;
      const last: DocumentRevision = {
        revision: (before?.last.revision ?? 0) + 1,
        by,
        at,
        message,
        hash: document && documentHash(document),
      };
      const from = before?.oldest ?? 1;
      const oldest = Math.min(Math.max(from, last.revision - mostRevisions + 1), from + mostDropped);
      const guard: StoreGuard = before
        ? { key: keys.head(name), is: 'modified', at: before.modified }
        : { key: keys.head(name), is: 'absent' };
      const steps: StoreStep[] = [
        { put: keys.head(name), value: JSON.stringify({ v: 1, last, oldest }) },
        { put: keys.revision(name, last.revision), value: JSON.stringify({ v: 1, revision: last }) },
      ];
      if (document) steps.push({ put: keys.text(name, last.revision), value: JSON.stringify({ v: 1, document }) });
      for (let old = from; old < oldest; old++)
        steps.push({ delete: keys.revision(name, old) }, { delete: keys.text(name, old) });
      const { made } = await store.commit([guard], steps);
      if (made) return last;
      if (attempt === attempts) throw fail('busy', `${name} is being written by others; try again`);
    }
  };
  return {
    kind: store.kind,
    where,
    async read(name, revision) {
      const newest = await head(name);
      if (!newest) throw fail('not-found', `there is no document ${name}`);
      if (revision === null) {
        if (newest.last.hash === null)
          throw fail('not-found', `${newest.last.by} removed ${name}`, { hint: 'Its revisions are kept.' });
        return textOf(name, newest.last);
      }
      const entry = await store.get(keys.revision(name, revision));
      if (!entry) {
        const why = revision < newest.oldest ? 'is no longer kept' : 'does not exist';
        throw fail('not-found', `revision ${revision} of ${name} ${why}`);
      }
      return textOf(name, parseStored(storedRevision, entry).revision);
    },
    async revisions(name) {
      const { entries } = await store.list(keys.revisions(name));
      if (entries.length === 0) throw fail('not-found', `there is no document ${name}`);
      return withDropped(entries.map((entry) => parseStored(storedRevision, entry).revision));
    },
    async save(document, base, saving) {
      checkContent(document);
      return write(document.name, document, base, saving);
    },
    remove: async (name, base, saving) => write(name, null, base, saving),
    watch: (news, trouble) => followHeads(store, textOf, news, trouble),
  };
}

/** Follows the heads, and reads the text of each that is new. */
function followHeads(
  store: JournalStore,
  textOf: (name: string, revision: DocumentRevision) => Promise<KeptDocument>,
  tell: Parameters<DocumentStore['watch']>[0],
  trouble: Parameters<DocumentStore['watch']>[1],
): () => void {
  const documents = new Map<string, KeptDocument>();
  const broken = new Map<string, Problem>();
  /** What the store has now: a slower answer about an older revision must not win. */
  const newest = new Map<string, number>();
  const limiter = new Limiter(8);
  let stopped = false;
  let behind = false;
  const retries = new Set<ReturnType<typeof setTimeout>>();

  const forget = (name: string) => {
    newest.delete(name);
    documents.delete(name);
    broken.delete(name);
  };
  const take = async (entry: StoredEntry): Promise<void> => {
    const name = entry.key.slice(keys.heads.length);
    if (newest.size >= mostDocuments && !newest.has(name)) {
      broken.set(name, { code: 'refused', message: `more than ${mostDocuments} documents are not read` });
      return;
    }
    newest.set(name, entry.modified);
    try {
      if (!documentName.safeParse(name).success) throw fail('protocol', `${entry.key} is not the name of a document`);
      const { last } = parseStored(storedHead, entry);
      const known = documents.get(name);
      const kept =
        known && known.revision.revision === last.revision && known.revision.hash === last.hash
          ? known
          : await limiter.run(() => textOf(name, last));
      if (newest.get(name) !== entry.modified) return;
      broken.delete(name);
      documents.set(name, kept);
    } catch (error) {
      if (stopped || newest.get(name) !== entry.modified) return;
      const problem = toProblem(error);
      if (problem.code === 'protocol' || problem.code === 'invalid-input') {
        // What was read last stays; that it is not the newest is said.
        broken.set(name, problem);
        return;
      }
      behind = true;
      trouble(problem);
      const timer = setTimeout(() => {
        retries.delete(timer);
        void take(entry).then(told);
      }, retryMs);
      timer.unref();
      retries.add(timer);
    }
  };
  const told = () => {
    if (stopped) return;
    tell({ documents: new Map(documents), broken: new Map(broken) });
    if (behind && retries.size === 0) {
      behind = false;
      trouble(null);
    }
  };
  const hear = ({ reset, changed, gone }: StoreNews) => {
    if (reset) {
      const there = new Set(changed.map(({ key }) => key.slice(keys.heads.length)));
      for (const name of [...newest.keys(), ...broken.keys()]) if (!there.has(name)) forget(name);
    }
    for (const key of gone) forget(key.slice(keys.heads.length));
    void Promise.all(changed.map(take)).then(told);
  };
  const stop = store.watch(keys.heads, hear, trouble);
  return () => {
    stopped = true;
    for (const timer of retries) clearTimeout(timer);
    stop();
  };
}
