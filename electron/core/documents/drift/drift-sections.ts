import { isDeepStrictEqual } from 'node:util';
import type { HostDrift } from '#shared/contract/document.ts';
import type { Records } from '../../fleet/records.ts';
import { hostValues } from '../host-values.ts';
import type { DocumentBook } from '../document-book.ts';
import type { LiveDocument } from '../document-record.ts';
import { driftOf } from './drift-of.ts';
import { type HostReading, unread } from './host-reading.ts';

/** A section holds all hosts of its document, so it is told the more seldom the more there are. */
const gapMs = 250;
const gapMsPerHost = 5;
/** That a host was read again and is as before is news, but never urgent. */
const quietMs = 600_000;

interface Told {
  readonly live: LiveDocument;
  readonly drift: Map<string, HostDrift>;
  readonly dirty: Set<string>;
  changed: boolean;
  nextAt: number;
  toldAt: number;
}

/** The `drift` sections of documents: worked out for hosts of which something was heard, told when something differs. */
export class DriftSections {
  readonly #records: Records;
  readonly #book: DocumentBook;
  readonly #readings: ReadonlyMap<string, HostReading>;
  readonly #documents = new Map<string, Told>();

  constructor(records: Records, book: DocumentBook, readings: ReadonlyMap<string, HostReading>) {
    this.#records = records;
    this.#book = book;
    this.#readings = readings;
  }

  /** Documents came, changed, went, or are for other hosts. */
  documents(names: Iterable<string>): void {
    for (const name of names) {
      const live = this.#book.get(name);
      const told = this.#documents.get(name);
      if (!live) {
        this.#documents.delete(name);
        continue;
      }
      const isSame = told?.live === live;
      const next: Told = isSame
        ? told
        : { live, drift: new Map(), dirty: new Set(), changed: true, nextAt: 0, toldAt: told?.toldAt ?? 0 };
      for (const host of next.drift.keys()) {
        if (live.hosts.has(host)) continue;
        next.drift.delete(host);
        next.changed = true;
      }
      for (const host of live.hosts) if (!next.drift.has(host)) next.dirty.add(host);
      this.#documents.set(name, next);
    }
  }

  /** Something was heard of a host that its drift may depend on. */
  host(host: string, onlyOfHost = false): void {
    for (const { live, dirty } of this.#documents.values())
      if (live.hosts.has(host) && (!onlyOfHost || live.rendering.isOfHost)) dirty.add(host);
  }

  /** How a host stands to a document now, by what is known. */
  of(live: LiveDocument, host: string): HostDrift {
    const record = this.#records.record('host', host) ?? {};
    const rendered = live.rendering.for(() => hostValues(host, record));
    return driftOf(host, rendered, record.link, this.#readings.get(host) ?? unread);
  }

  /** Tells what changed; `now` is performance.now(), and `names` are told whatever the time is. */
  flush(now: number, names: ReadonlySet<string> = new Set()): void {
    for (const [name, told] of this.#documents) {
      const isAsked = names.has(name);
      if (!isAsked && now < told.nextAt) continue;
      let readAgain = false;
      for (const host of told.dirty) {
        if (!told.live.hosts.has(host)) continue;
        const before = told.drift.get(host);
        const after = this.of(told.live, host);
        told.drift.set(host, after);
        if (before && isDeepStrictEqual({ ...before, readAt: 0 }, { ...after, readAt: 0 })) readAgain = true;
        else told.changed = true;
      }
      told.dirty.clear();
      if (!told.changed && !(readAgain && (isAsked || now - told.toldAt > quietMs))) continue;
      told.changed = false;
      told.toldAt = now;
      told.nextAt = now + gapMs + gapMsPerHost * told.live.hosts.size;
      this.#records.publish('document', name, 'drift', [...told.drift.values()]);
    }
  }
}
