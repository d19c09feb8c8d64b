import type { Problem } from '#shared/contract/problem.ts';
import type { JournalStore } from '../changes/journal-store.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import type { Documents } from './documents.ts';
import { folderDocumentStore } from './folder/folder-document-store.ts';
import { journalDocumentStore } from './journal-document-store.ts';

export interface DocumentPlaceOptions {
  readonly documents: Documents;
  readonly scope: Scope;
  readonly log: Log;
  readonly mayWrite: () => boolean;
}

/** Where documents are kept: the folder that the cluster file names, else where changes are written down. */
export class DocumentPlace {
  readonly #options: DocumentPlaceOptions;
  #folder: { readonly path: string; readonly scope: Scope } | null = null;
  #journal: { readonly store: JournalStore | null; readonly problem: Problem | null } = { store: null, problem: null };

  constructor(options: DocumentPlaceOptions) {
    this.#options = options;
  }

  /** The folder of the cluster file; null when it names none. */
  folder(path: string | null): void {
    const { documents, scope, log, mayWrite } = this.#options;
    if (path === (this.#folder?.path ?? null)) return;
    const before = this.#folder;
    this.#folder = path === null ? null : { path, scope: scope.child('folder of documents') };
    if (this.#folder)
      documents.use(folderDocumentStore({ folder: this.#folder.path, scope: this.#folder.scope, log, mayWrite }));
    else this.#useJournal();
    before?.scope.end().catch((error: unknown) => log.warn('a folder did not close cleanly', { error: String(error) }));
  }

  /** The journal of changes; null with the reason when there is none to be had. */
  journal(store: JournalStore | null, problem: Problem | null = null): void {
    this.#journal = { store, problem };
    if (!this.#folder) this.#useJournal();
  }

  #useJournal(): void {
    const { store, problem } = this.#journal;
    const where = store?.kind === 'etcd' ? 'the etcd of this cluster' : 'this console’s own disk';
    this.#options.documents.use(store && journalDocumentStore(store, where), problem);
  }
}
