import type { ChangeHistory, ChangePlan } from '#shared/contract/change.ts';
import type { ConfigDocument, DocumentRevision, ExportFormat, RenderedDocument } from '#shared/contract/document.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import { exportDocuments } from '#shared/lib/document/export-documents.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { AppliedFiles } from '../changes/applied-files.ts';
import type { Scope } from '../lib/scope.ts';
import { clashProblem } from './clashes.ts';
import { DocumentBook } from './document-book.ts';
import { DocumentDrift } from './document-drift.ts';
import { aboutDocument } from './document-record.ts';
import type { DocumentStore, KeptDocument } from './document-store.ts';
import { hostValues } from './host-values.ts';
import { Rendering } from './rendering.ts';
import { readTargets } from './targets.ts';

export interface DocumentsOptions {
  readonly around: ActionSurroundings;
  readonly scope: Scope;
  /** Which changes wrote a path. */
  readonly history: (path: string) => Promise<ChangeHistory>;
  /** What changes left on each host. */
  readonly applied: Pick<AppliedFiles, 'of'>;
  /** A change's plan with its texts; rejects once they are no longer kept. */
  readonly plan: (id: string) => Promise<ChangePlan>;
}

const assignEveryMs = 2000;
/** Targets that ask for figures are asked every so many times. */
const figuresEvery = 10;

/** What of a host decides whether a document is for it, figures aside. */
const deciding: ReadonlySet<string> = new Set(['identity', 'facts', 'link', 'health', 'units']);

/** The configuration documents of one cluster: kept, rendered for their hosts, and told to the window. */
export class Documents {
  readonly drift: DocumentDrift;
  readonly #options: DocumentsOptions;
  readonly #book: DocumentBook;
  /** Hosts of which something changed that targets may ask for. */
  readonly #moved = new Set<string>();
  #store: DocumentStore | null = null;
  #stopWatching = () => {};
  #trouble: Problem | null = null;
  #round = 0;

  constructor(options: DocumentsOptions) {
    this.#options = options;
    const { around, scope, history, applied, plan } = options;
    this.#book = new DocumentBook(around.records, around.now);
    this.drift = new DocumentDrift({ around, scope, book: this.#book, history, applied, plan });
    scope.add(
      around.records.onChange(([kind, id, section]) => {
        if (kind === 'host' && deciding.has(section)) this.#moved.add(id);
      }),
    );
    scope.add(() => this.#stopWatching());
    scope.every(assignEveryMs, () => this.#assign());
  }

  /** Which store is used from now on. What was read from another one is no longer shown. */
  use(store: DocumentStore | null, problem: Problem | null = null): void {
    this.#stopWatching();
    this.#stopWatching = () => {};
    const isOther = store?.kind !== this.#store?.kind || store?.where !== this.#store?.where;
    this.#store = store;
    this.#trouble = problem;
    if (isOther) this.#taken(this.#book.take({ documents: new Map(), broken: new Map() }));
    this.#publishWhere();
    if (!store) return;
    this.#stopWatching = store.watch(
      (kept) => this.#taken(this.#book.take(kept)),
      (trouble) => {
        this.#trouble = trouble;
        this.#publishWhere();
      },
    );
  }

  async read(name: string, revision: number | null): Promise<{ document: ConfigDocument; revision: DocumentRevision }> {
    const kept = await this.#readOrKnown(name, revision);
    if (kept.document) return { document: kept.document, revision: kept.revision };
    throw fail('not-found', `${name} was removed by revision ${kept.revision.revision}`, {
      hint: 'Choose another revision.',
    });
  }

  /** The newest as it was last heard of, while the store cannot be reached. */
  async #readOrKnown(name: string, revision: number | null): Promise<KeptDocument> {
    try {
      return await this.#need().read(name, revision);
    } catch (error) {
      const known = this.#book.get(name);
      const { code } = toProblem(error);
      const isGone = code === 'unreachable' || code === 'timeout' || code === 'lost';
      if (isGone && known && (revision === null || revision === known.revision.revision)) return known;
      throw error;
    }
  }

  revisions(name: string): Promise<DocumentRevision[]> {
    return this.#need().revisions(name);
  }

  async save(document: ConfigDocument, base: number | null, message: string): Promise<DocumentRevision> {
    const { around } = this.#options;
    this.drift.acts(document.name);
    const revision = await this.#need().save(document, base, { by: around.actor.name, at: around.now(), message });
    await this.#note(`saved ${document.name} as revision ${revision.revision}`, revision, message);
    return revision;
  }

  async remove(name: string, base: number, message: string): Promise<void> {
    const { around } = this.#options;
    const revision = await this.#need().remove(name, base, { by: around.actor.name, at: around.now(), message });
    await this.#note(`removed ${name} by revision ${revision.revision}`, revision, message);
  }

  /** What a document, saved or not, comes to; with the hosts that it would be for. */
  render(document: ConfigDocument, host: string | null): RenderedDocument & { hosts: string[] } {
    const { around } = this.#options;
    const targets = readTargets(document.name, document.targets);
    const hosts = around.records.ids('host').filter((name) => {
      const record = around.records.record('host', name);
      return record?.identity !== undefined && targets.fits(record, around.now());
    });
    const rendering = new Rendering(document);
    const values = host === null ? null : this.#valuesOf(host);
    const rendered = values === null ? rendering.plain : rendering.for(() => values);
    return { ...rendered, problems: [...targets.problems, ...rendered.problems], hosts };
  }

  /** Documents as one text; with a host only those that are for it. */
  export(names: readonly string[], host: string | null, format: ExportFormat): { text: string; notes: string[] } {
    const chosen = names.map((name) => this.#book.need(name)).filter(({ hosts }) => host === null || hosts.has(host));
    return exportDocuments(
      chosen.map(({ document }) => document),
      format,
      host === null ? null : this.#valuesOf(host),
    );
  }

  #valuesOf(host: string) {
    const record = this.#options.around.records.record('host', host);
    if (!record?.identity) throw fail('not-found', `${host} is not a host of this cluster`, { host });
    return hostValues(host, record);
  }

  #assign(): void {
    const withFigures = ++this.#round % figuresEvery === 0;
    if (this.#moved.size === 0 && !withFigures) return;
    const moved = [...this.#moved];
    this.#moved.clear();
    this.#taken(this.#book.assign(moved, withFigures));
    this.drift.hosts(moved);
  }

  /** Publishes documents that came, changed or went. */
  #taken(names: ReadonlySet<string>): void {
    const { records } = this.#options.around;
    for (const name of names) {
      const live = this.#book.get(name);
      if (!live) {
        records.remove('document', name);
        continue;
      }
      const broken = this.#book.broken.get(name);
      const more = [...(broken ? [broken] : []), ...this.#book.clashesOf(name).map(clashProblem)];
      records.publish('document', name, 'about', aboutDocument(live, more));
    }
    this.drift.documents(names);
    this.#publishWhere();
  }

  async #note(what: string, revision: DocumentRevision, message: string): Promise<void> {
    const { around } = this.#options;
    await around.activity.add({
      at: around.now(),
      actor: around.actor.name,
      cluster: around.cluster,
      host: '',
      kind: 'document',
      what,
      command: '',
      exitCode: null,
      durationMs: null,
      outcome: 'ok',
      detail: [revision.hash === null ? '' : `hash ${revision.hash}`, message].filter(Boolean).join('; '),
    });
  }

  #need(): DocumentStore {
    if (this.#store) return this.#store;
    throw fail('unreachable', 'the place where documents are kept cannot be reached', {
      hint: this.#trouble?.message ?? 'Try again in a moment.',
    });
  }

  #publishWhere(): void {
    const [broken] = this.#book.broken.values();
    const more = this.#book.broken.size - 1;
    const problem: Problem | null =
      (this.#trouble && { ...this.#trouble, hint: withOld(this.#trouble.hint) }) ??
      (broken ? { ...broken, message: more > 0 ? `${broken.message} (and ${more} more)` : broken.message } : null);
    this.#options.around.records.publish('cluster', '', 'documents', {
      kind: this.#store?.kind ?? 'local',
      where: this.#store?.where ?? '',
      problem,
    });
  }
}

function withOld(hint: string | undefined): string {
  return [hint, 'What is shown is what was read last.'].filter(Boolean).join(' ');
}
