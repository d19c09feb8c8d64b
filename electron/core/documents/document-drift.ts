import type { ChangeHistory } from '#shared/contract/change.ts';
import type { ConfigDocument, DriftedFile } from '#shared/contract/document.ts';
import { fail } from '#shared/contract/problem.ts';
import { lastChangeOf } from '#shared/lib/change/changed-since.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { loadReadFilesScript } from '../changes/read-files.ts';
import type { Scope } from '../lib/scope.ts';
import { type Correction, correctionOf } from './correct.ts';
import type { DocumentBook } from './document-book.ts';
import type { LiveDocument } from './document-record.ts';
import { DriftWatch } from './drift/drift-watch.ts';
import { adoptFrom, hostTexts, type HostText } from './host-texts.ts';
import { hostValues } from './host-values.ts';

export interface DocumentDriftOptions {
  readonly around: ActionSurroundings;
  readonly scope: Scope;
  readonly book: DocumentBook;
  /** Which changes wrote a path. */
  readonly history: (path: string) => Promise<ChangeHistory>;
}

/** How hosts stand to the documents that are for them, and what brings the two together, either way. */
export class DocumentDrift {
  readonly #options: DocumentDriftOptions;
  readonly #script = loadReadFilesScript();
  readonly #watch: DriftWatch;

  constructor(options: DocumentDriftOptions) {
    const { around, scope, book } = options;
    this.#options = options;
    this.#watch = new DriftWatch(around, scope, book, this.#script);
  }

  /** Documents came, changed, went, or are for other hosts. */
  documents(names: Iterable<string>): void {
    this.#watch.documents(names);
  }

  /** A person here saves this document. */
  acts(name: string): void {
    this.#watch.acts(name);
  }

  /** Something of these hosts changed that documents may name. */
  hosts(hosts: Iterable<string>): void {
    for (const host of hosts) this.#watch.sections.host(host, true);
  }

  /** Reads the hosts of these documents now; none named are all. */
  async check(names: readonly string[], password: string | null): Promise<void> {
    const { book } = this.#options;
    const documents = names.length === 0 ? book.all() : names.map((name) => book.need(name));
    const hosts = new Set(documents.flatMap((live) => [...live.hosts]));
    await this.#watch.check(hosts, new Set(documents.map(({ name }) => name)), password);
  }

  /** The files of a document as it says and as a host has them, each with the change that wrote it last. */
  async texts(name: string, host: string, password: string | null): Promise<DriftedFile[]> {
    const { around, book } = this.#options;
    const texts = await hostTexts(around, this.#script, this.#isFor(book.need(name), host), host, password);
    return Promise.all(
      texts.map(async ({ file, now }) => ({ ...file, lastChange: await this.#lastChange(file.path, host, now) })),
    );
  }

  adopt(name: string, host: string, paths: readonly string[], password: string | null): Promise<ConfigDocument> {
    const { around, book } = this.#options;
    return adoptFrom(around, this.#script, this.#isFor(book.need(name), host), host, paths, password);
  }

  /** Hosts of which nothing is known yet are read first. */
  async correct(names: readonly string[], hosts: readonly string[] | null): Promise<Correction> {
    const { around, book } = this.#options;
    const { sections, readings } = this.#watch;
    const documents = [...new Set(names)].map((name) => book.need(name));
    const chosen = hosts ?? documents.flatMap((live) => [...live.hosts]);
    const unknown = chosen.filter((host) =>
      documents.some((live) => live.hosts.has(host) && sections.of(live, host).state === 'unknown'),
    );
    if (unknown.length > 0) await this.#watch.check(new Set(unknown), new Set(names), null);
    return correctionOf(documents, hosts, {
      driftOf: (live, host) => sections.of(live, host),
      renderedFor: ({ rendering }, host) =>
        rendering.for(() => hostValues(host, around.records.record('host', host) ?? {})),
      readingOf: (host) => readings.get(host),
      clashesOf: (name) => book.clashesOf(name),
    });
  }

  async #lastChange(path: string, host: string, now: HostText['now']): Promise<DriftedFile['lastChange']> {
    // The journal may be out of reach, and then the texts are still worth having.
    const history = await this.#options.history(path).catch((): ChangeHistory => []);
    const last = lastChangeOf(history, host, now);
    if (!last) return null;
    const { id, title, by, at } = last.change;
    return { id, title, by, at, since: last.since ? { at: now?.modifiedAt ?? null } : null };
  }

  #isFor(live: LiveDocument, host: string): LiveDocument {
    if (live.hosts.has(host)) return live;
    throw fail('not-found', `${live.name} is not for ${host}`, { host, hint: 'See its targets.' });
  }
}
