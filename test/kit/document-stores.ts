import { join } from 'node:path';
import { afterEach, beforeEach, describe } from 'vitest';
import { folderDocumentStore } from '#core/documents/folder/folder-document-store.ts';
import type { DocumentStore, KeptDocuments } from '#core/documents/document-store.ts';
import { journalDocumentStore } from '#core/documents/journal-document-store.ts';
import { Scope } from '#core/lib/scope.ts';
import type { ConfigDocument } from '#shared/contract/document.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { quietLog, until } from './etcd.ts';
import { type JournalBench, onBothStores, temporaryFolder } from './journal-stores.ts';

/** A document of one file. */
export function aDocument(name: string, content: string, more: Partial<ConfigDocument> = {}): ConfigDocument {
  const file = { path: `/etc/${name}.conf`, mode: null, owner: null, actions: [] };
  return { name, format: 'file', targets: '', file, content, ...more };
}

/** One place that several consoles open. */
export interface DocumentBench {
  open(): Promise<DocumentStore>;
}

/** What each place for documents must do alike. */
export function onAllStores(title: string, tests: (bench: () => DocumentBench) => void): void {
  onBothStores(title, (journal: () => JournalBench) =>
    tests(() => ({ open: async () => journalDocumentStore(await journal().open(), 'a test') })),
  );
  describe(`${title}: folder`, () => {
    const bench = folderBench();
    tests(() => ({ open: async () => bench().open() }));
  });
}

/** A folder of its own for each test. */
export function folderBench(): () => { readonly folder: string; readonly open: (mayWrite?: boolean) => DocumentStore } {
  let scope: Scope;
  let folder: string;
  beforeEach(async () => {
    scope = new Scope('folder of documents');
    folder = join(await temporaryFolder(scope), 'config');
  });
  afterEach(() => scope.end());
  return () => ({
    folder,
    open: (mayWrite = true) => folderDocumentStore({ folder, scope, log: quietLog, mayWrite: () => mayWrite }),
  });
}

/** What a watch tells, as last told. */
export class DocumentsCopy {
  kept: KeptDocuments = { documents: new Map(), broken: new Map() };
  readonly troubles: (Problem | null)[] = [];
  tellings = 0;
  readonly stop: () => void;

  constructor(store: DocumentStore) {
    this.stop = store.watch(
      (kept) => {
        this.kept = kept;
        this.tellings++;
      },
      (problem) => this.troubles.push(problem),
    );
  }

  text(name: string): string | null {
    return this.kept.documents.get(name)?.document?.content ?? null;
  }

  until(name: string, text: string | null): Promise<true> {
    return until(`${name} is ${text}`, 5000, () => this.tellings > 0 && this.text(name) === text);
  }
}
