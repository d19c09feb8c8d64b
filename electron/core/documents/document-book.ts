import { fail, type Problem } from '#shared/contract/problem.ts';
import type { Records } from '../fleet/records.ts';
import { type Clash, findClashes } from './clashes.ts';
import { type LiveDocument, liveDocument } from './document-record.ts';
import type { KeptDocuments } from './document-store.ts';

/** The documents that are there, and the hosts that each is for. */
export class DocumentBook {
  readonly #records: Records;
  readonly #now: () => number;
  readonly #documents = new Map<string, LiveDocument>();
  #broken: ReadonlyMap<string, Problem> = new Map();
  #clashes: ReadonlyMap<string, readonly Clash[]> = new Map();

  constructor(records: Records, now: () => number) {
    this.#records = records;
    this.#now = now;
  }

  get(name: string): LiveDocument | undefined {
    return this.#documents.get(name);
  }

  /** Rejects a name that is not there, or cannot be read. */
  need(name: string): LiveDocument {
    const live = this.#documents.get(name);
    if (live) return live;
    const why = this.#broken.get(name);
    throw why
      ? fail('protocol', `${name} cannot be read: ${why.message}`)
      : fail('not-found', `there is no document ${name}`);
  }

  all(): LiveDocument[] {
    return [...this.#documents.values()];
  }

  /** Documents that a host has. */
  of(host: string): LiveDocument[] {
    return this.all().filter(({ hosts }) => hosts.has(host));
  }

  /** Why documents cannot be read. */
  get broken(): ReadonlyMap<string, Problem> {
    return this.#broken;
  }

  /** Where others name the same path for the same hosts. */
  clashesOf(name: string): readonly Clash[] {
    return this.#clashes.get(name) ?? [];
  }

  /** Takes what the store holds now; answers the names of those that came, changed or went. */
  take({ documents, broken }: KeptDocuments): Set<string> {
    const touched = new Set<string>();
    for (const name of new Set([...broken.keys(), ...this.#broken.keys()])) touched.add(name);
    this.#broken = broken;
    for (const name of this.#documents.keys()) {
      if (documents.get(name)?.document) continue;
      this.#documents.delete(name);
      touched.add(name);
    }
    for (const [name, kept] of documents) {
      const known = this.#documents.get(name);
      if (known?.revision.revision === kept.revision.revision && known.revision.hash === kept.revision.hash) continue;
      const live = liveDocument(name, kept);
      if (!live) continue;
      this.#documents.set(name, live);
      this.#assign(live, this.#records.ids('host'));
      touched.add(name);
    }
    if (touched.size > 0) for (const name of this.#findClashes()) touched.add(name);
    return touched;
  }

  /** Asks anew which of these hosts each document is for; answers the documents whose hosts changed. */
  assign(hosts: readonly string[], byFiguresToo: boolean): Set<string> {
    const touched = new Set<string>();
    for (const live of this.#documents.values()) {
      if (this.#assign(live, hosts)) touched.add(live.name);
      if (byFiguresToo && live.targets.byFigures && this.#assign(live, this.#records.ids('host')))
        touched.add(live.name);
    }
    if (touched.size > 0) for (const name of this.#findClashes()) touched.add(name);
    return touched;
  }

  #assign({ hosts: mine, targets, rendering }: LiveDocument, hosts: readonly string[]): boolean {
    let changed = false;
    const now = this.#now();
    for (const host of hosts) {
      const record = this.#records.record('host', host);
      if (record?.identity && targets.fits(record, now)) {
        changed ||= !mine.has(host);
        mine.add(host);
      } else if (mine.delete(host)) {
        rendering.forget(host);
        changed = true;
      }
    }
    return changed;
  }

  #findClashes(): Set<string> {
    const before = this.#clashes;
    this.#clashes = findClashes(this.all());
    return new Set([...before.keys(), ...this.#clashes.keys()]);
  }
}
