import type { ChangePlan } from '#shared/contract/change.ts';
import type { ConfigDocument, DriftedFile, HostLayers } from '#shared/contract/document.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import { nameFor } from '#shared/lib/document/recognise-format.ts';
import { suggestedSteps } from '#shared/lib/change/suggest.ts';
import type { ActionSurroundings } from '../../actions/unit-actions.ts';
import type { AppliedFile, AppliedFiles } from '../../changes/applied-files.ts';
import { sha256 } from '../../changes/plan-hash.ts';
import { type FoundFile, largestFile } from '../../changes/read-files.ts';
import type { Correction } from '../correct.ts';
import type { DocumentBook } from '../document-book.ts';
import { appliedState } from '../drift/applied-drift.ts';
import { fileDifference } from '../drift/drift-of.ts';
import type { DriftWatch } from '../drift/drift-watch.ts';
import { readAll, unread } from '../drift/host-reading.ts';
import { wishedOf, type WishedState } from '../drift/wished-state.ts';
import { hostValues } from '../host-values.ts';
import { type FirstBoot, firstBootPaths, readFirstBoot } from './first-boot.ts';
import { firstBootState, layeredParts } from './layered-parts.ts';
import { restored, type Wanted } from './restore.ts';

export interface HostLayersOptions {
  readonly around: ActionSurroundings;
  readonly book: DocumentBook;
  readonly watch: DriftWatch;
  readonly applied: Pick<AppliedFiles, 'of'>;
  /** A change's plan with its texts; rejects once they are no longer kept. */
  readonly plan: (id: string) => Promise<ChangePlan>;
  /** Prints files of a host. */
  readonly script: string;
}

const nothing: FirstBoot = {
  about: { sources: [], only: [], result: null, problem: null },
  files: [],
  units: new Map(),
};

/** What one host is to be by its first boot, its documents and its changes, and how it stands to that. */
export class HostLayersReader {
  readonly #options: HostLayersOptions;
  /** What the first boot of each host that was looked at was told. */
  readonly #firstBoots = new Map<string, FirstBoot>();

  constructor(options: HostLayersOptions) {
    this.#options = options;
  }

  /** Reads the host anew. What its first boot wrote is followed from then on like everything else. */
  async read(host: string, password: string | null): Promise<HostLayers> {
    const { book, watch, applied } = this.#options;
    const record = this.#record(host);
    const firstBoot = await this.#readFirstBoot(host, password);
    watch.follow(host, {
      paths: firstBoot.files.map(({ path }) => path),
      units: [...firstBoot.units.keys()],
    });
    await watch.check([host], new Set(), password);
    const documents = book.of(host).map(({ name, revision, rendering }) => ({
      name,
      revision: revision.revision,
      wished: wishedOf(rendering.for(() => hostValues(host, record))),
    }));
    const reading = watch.readings.get(host) ?? unread;
    return {
      firstBoot: firstBoot.about,
      parts: layeredParts(documents, applied.of(host), firstBoot, reading),
    };
  }

  /** One file beside what holds for it. */
  async text(host: string, path: string, password: string | null): Promise<DriftedFile> {
    const { around, script } = this.#options;
    const wanted = await this.#wanted(host, path);
    const { found, rootProblem } = await readAll(around, script, host, [path], { asked: true, password });
    const now: FoundFile = found[0] ?? { kind: 'unreadable' };
    const last = this.#options.applied.of(host).find((file) => file.path === path);
    const lastChange = last ? { ...last.change, since: sinceOf(last, now) } : null;
    const notes = [
      now.kind === 'unreadable' ? (rootProblem?.message ?? 'it cannot be read') : fileDifference(wanted.state, now),
      now.kind === 'file' && now.text === null ? 'it is not text, or larger than 256 KiB' : '',
      wanted.lost,
    ];
    const text = now.kind === 'file' ? now.text : null;
    return { path, wished: wanted.content, found: text, note: notes.filter(Boolean).join('; '), lastChange };
  }

  /** A draft that puts back what changes or the first boot left of these files. */
  async correct(host: string, paths: readonly string[], password: string | null): Promise<Correction> {
    const { around, script } = this.#options;
    this.#record(host);
    const once = [...new Set(paths)];
    const { found, rootProblem } = await readAll(around, script, host, once, { asked: true, password }, 0);
    const wanted = await Promise.all(once.map((path) => this.#wanted(host, path)));
    return restored(host, wanted, found, rootProblem);
  }

  /** A document, for this host alone, that says of a file what the host has. */
  async adopt(host: string, path: string, password: string | null): Promise<ConfigDocument> {
    const { around, book, script } = this.#options;
    this.#record(host);
    const { found, rootProblem } = await readAll(around, script, host, [path], { asked: true, password });
    const now = found[0];
    if (now?.kind !== 'file')
      throw fail('permission', `${path}: ${rootProblem?.message ?? 'there is no file'}`, { host });
    if (now.text === null) throw fail('unsupported', `${path} is not text, or larger than 256 KiB`, { host });
    const base = nameFor(path) || 'file';
    const names = [base, ...Array.from({ length: 98 }, (_, at) => `${base.slice(0, 96)}-${at + 2}`)];
    const name = names.find((one) => book.get(one) === undefined && !book.broken.has(one));
    if (name === undefined) throw fail('conflict', `there are too many documents called ${base}`);
    const { mode, uid, gid } = now.state;
    return {
      name,
      format: 'file',
      targets: `name:${host}`,
      file: { path, mode: mode.padStart(3, '0'), owner: { uid, gid }, actions: suggestedSteps(path) },
      content: now.text,
    };
  }

  #record(host: string) {
    const record = this.#options.around.records.record('host', host);
    if (!record?.identity) throw fail('not-found', `${host} is not a host of this cluster`, { host });
    return record;
  }

  async #readFirstBoot(host: string, password: string | null): Promise<FirstBoot> {
    const { around, script } = this.#options;
    const before = this.#firstBoots.get(host) ?? nothing;
    try {
      const asking = { asked: true, password };
      const { found } = await readAll(around, script, host, firstBootPaths, asking, largestFile);
      const read = readFirstBoot(found, hostValues(host, this.#record(host)));
      this.#firstBoots.set(host, read);
      return read;
    } catch (error) {
      return { ...before, about: { ...before.about, problem: { ...toProblem(error), host } } };
    }
  }

  /** What holds for a file of a host. */
  async #wanted(host: string, path: string): Promise<Wanted> {
    const { book, applied } = this.#options;
    const record = this.#record(host);
    for (const { rendering } of book.of(host)) {
      const rendered = rendering.for(() => hostValues(host, record));
      const at = rendered.files.findIndex((file) => file.path === path);
      const state = wishedOf(rendered).files[at];
      if (state) return { state, content: rendered.files[at]?.content ?? null, lost: '', by: 'document' };
    }
    const left = applied.of(host).find((file) => file.path === path);
    if (left) return this.#leftBy(left.change.id, appliedState(left));
    const first = this.#firstBoots.get(host)?.files.find((file) => file.path === path);
    if (first) return { state: firstBootState(first), content: first.content, lost: '', by: 'first-boot' };
    throw fail('not-found', `nothing says what ${path} of ${host} is to be`, { host });
  }

  async #leftBy(id: string, state: WishedState): Promise<Wanted> {
    if (state.hash === null) return { state, content: null, lost: '', by: 'change' };
    const { contents } = await this.#options.plan(id).catch(() => ({ contents: {} as ChangePlan['contents'] }));
    const content = contents[state.hash];
    // What the journal says is checked, as everything that others can write.
    if (content !== undefined && sha256(content) === state.hash) return { state, content, lost: '', by: 'change' };
    return { state, content: null, lost: 'what the change wrote is no longer kept in the journal', by: 'change' };
  }
}

/** When somebody else wrote the file after the change; null where it is still what that left, or nobody knows. */
function sinceOf({ after }: AppliedFile, now: FoundFile): { at: number | null } | null {
  if (now.kind === 'absent') return after.kind === 'absent' ? null : { at: null };
  if (now.kind !== 'file') return null;
  return after.kind === 'file' && after.hash === now.state.hash ? null : { at: now.modifiedS * 1000 };
}
