import { isConnected } from '#shared/lib/is-connected.ts';
import type { ActionSurroundings } from '../../actions/unit-actions.ts';
import type { AppliedFiles } from '../../changes/applied-files.ts';
import { Limiter } from '../../lib/limiter.ts';
import type { Scope } from '../../lib/scope.ts';
import type { DocumentBook } from '../document-book.ts';
import { hostValues } from '../host-values.ts';
import { appliedDrift } from './applied-drift.ts';
import { DriftSections } from './drift-sections.ts';
import { type Asking, type HostReading, readHost, unread } from './host-reading.ts';
import { wishedOf } from './wished-state.ts';

const tickMs = 250;
const everyMs = 600_000;
const againAfterFailureMs = 120_000;
/** Hosts that come up together are not asked together. */
const comesUpMs = 3000;
const touchedMs = 500;
/** After systemd read its files anew; at most once in a while, as some hosts do so all the time. */
const hintMs = 2000;
const hintGapMs = 10_000;
const atOnce = 6;
const askedAtOnce = 20;

/** Reads hosts for their documents: seldom by itself, at once where something happened. Only hosts that are up. */
export class DriftWatch {
  readonly readings = new Map<string, HostReading>();
  readonly sections: DriftSections;
  readonly #around: ActionSurroundings;
  readonly #book: DocumentBook;
  readonly #script: string;
  readonly #applied: Pick<AppliedFiles, 'of'>;
  /** When what changes left on a host came to be known here; and hosts of which it has to be told anew. */
  readonly #appliedSince = new Map<string, number>();
  readonly #toTell = new Set<string>();
  /** What else is read of a host. */
  readonly #followed = new Map<string, { readonly paths: readonly string[]; readonly units: readonly string[] }>();
  /** When each host is read next, by performance.now(); hosts without documents or changes are not in it. */
  readonly #due = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #usual = new Limiter(atOnce);
  readonly #asked = new Limiter(askedAtOnce);
  /** Documents that a person saves here, and hosts that a person acted on: there sudo may be tried out. */
  readonly #acted = new Set<string>();
  readonly #actedOn = new Set<string>();
  /** What systemd told of its files, and when a host is or was read for it. */
  readonly #filesChanged = new Map<string, number>();
  readonly #hintedAt = new Map<string, number>();
  /** Hosts a change is over with, by change. */
  readonly #settled = new Map<string, Set<string>>();

  constructor(
    around: ActionSurroundings,
    scope: Scope,
    book: DocumentBook,
    script: string,
    applied: Pick<AppliedFiles, 'of'>,
  ) {
    this.#around = around;
    this.#applied = applied;
    this.#book = book;
    this.#script = script;
    this.sections = new DriftSections(around.records, book, this.readings);
    const links = new Map<string, string>();
    scope.add(
      around.records.onChange((change) => {
        const [kind, id, section, value] = change;
        if (kind === 'host' && section === 'link') {
          // A link tells every few seconds that it was heard.
          const link = value ? `${value.state} ${value.reason}` : '';
          const before = links.get(id);
          if (link === before) return;
          links.set(id, link);
          this.sections.host(id);
          if (isConnected(value)) this.#soon(id, Math.random() * comesUpMs);
        } else if (kind === 'host' && section === 'units') this.#unitsTold(id, value?.filesChanged);
        else if (kind === 'host' && section === 'identity' && value === null) {
          links.delete(id);
          this.#forget(id);
        } else if (kind === 'change' && section === 'hosts') this.#changeTold(id, value ?? []);
      }),
    );
    scope.every(tickMs, () => this.#tick());
  }

  /** A person here saves this document: what is read for it next may be read as root. */
  acts(name: string): void {
    this.#acted.add(name);
  }

  /** Documents came, changed, went, or are for other hosts: those hosts are read soon, whatever was read before. */
  documents(names: Iterable<string>): void {
    const touched = [...names];
    this.sections.documents(touched);
    for (const name of touched)
      if (this.#acted.delete(name)) for (const host of this.#book.get(name)?.hosts ?? []) this.#actedOn.add(host);
    const hosts = new Set(touched.flatMap((name) => [...(this.#book.get(name)?.hosts ?? [])]));
    // A file may be named by a document from now on, or no longer.
    if (touched.length > 0) for (const host of this.#appliedSince.keys()) this.#toTell.add(host);
    const spreadMs = Math.min(touchedMs + hosts.size * 10, 10_000);
    for (const host of hosts) this.#soon(host, Math.random() * spreadMs);
  }

  /** Changes left something else on these hosts than was known until now: they are read soon. */
  changed(hosts: ReadonlySet<string>): void {
    const spreadMs = Math.min(touchedMs + hosts.size * 10, 10_000);
    for (const host of hosts) {
      this.#appliedSince.set(host, this.#around.now());
      this.#toTell.add(host);
      this.#soon(host, Math.random() * spreadMs);
    }
  }

  /** Reads these of a host too, from the next time on, in place of what was followed before. */
  follow(host: string, what: { readonly paths: readonly string[]; readonly units: readonly string[] }): void {
    if (what.paths.length + what.units.length > 0) this.#followed.set(host, what);
    else this.#followed.delete(host);
  }

  /** Reads these hosts now, as a person waits; resolves once they were read and told. Hosts that are down are left out. */
  async check(hosts: Iterable<string>, names: ReadonlySet<string>, password: string | null): Promise<void> {
    const asking = { asked: true, password };
    await Promise.all(
      [...hosts].filter((host) => this.#isUp(host)).map((host) => this.#asked.run(() => this.#readAfter(host, asking))),
    );
    this.sections.flush(performance.now(), names);
    this.#tellApplied();
  }

  #tick(): void {
    const now = performance.now();
    for (const [host, at] of this.#due) {
      if (at > now || this.#running.has(host) || !this.#isUp(host)) continue;
      this.#due.set(host, Number.POSITIVE_INFINITY);
      const asking = { asked: this.#actedOn.delete(host), password: null };
      void this.#usual.run(() => this.#readAfter(host, asking));
    }
    this.sections.flush(now);
    this.#tellApplied();
  }

  #tellApplied(): void {
    const { records } = this.#around;
    for (const host of this.#toTell) {
      if (!records.get('host', host, 'identity')) continue;
      const named = new Set(this.#namedOn(host));
      const since = this.#appliedSince.get(host) ?? 0;
      const told = appliedDrift(this.#applied.of(host), named, this.readings.get(host) ?? unread, since);
      if (told.files === 0) records.drop('host', host, 'applied');
      else records.publish('host', host, 'applied', told);
    }
    this.#toTell.clear();
  }

  /** One reading of a host at a time; one that was asked for later begins later. */
  async #readAfter(host: string, asking: Asking): Promise<void> {
    while (this.#running.has(host)) await this.#running.get(host);
    const reading = this.#read(host, asking);
    this.#running.set(host, reading);
    await reading;
    this.#running.delete(host);
  }

  async #read(host: string, asking: Asking): Promise<void> {
    const wanted = this.#wantedOf(host);
    if (!wanted || this.#around.signal.aborted) {
      this.#forget(host);
      return;
    }
    const before = this.readings.get(host) ?? unread;
    const reading = await readHost(this.#around, this.#script, host, wanted, before, asking);
    if (this.#around.signal.aborted) return;
    this.readings.set(host, reading);
    this.sections.host(host);
    if (this.#appliedSince.has(host)) this.#toTell.add(host);
    const gap = reading.problem ? againAfterFailureMs : everyMs;
    const next = performance.now() + gap * (0.9 + Math.random() * 0.2);
    // Something may have happened while it was read.
    this.#due.set(host, Math.min(next, this.#due.get(host) ?? next));
  }

  /** Everything that its documents name on a host, and what changes wrote there; null when there is nothing. */
  #wantedOf(host: string): { paths: string[]; units: string[] } | null {
    const record = this.#around.records.record('host', host);
    if (!record?.identity) return null;
    const followed = this.#followed.get(host);
    const paths = new Set([...this.#applied.of(host).map(({ path }) => path), ...(followed?.paths ?? [])]);
    const units = new Set<string>(followed?.units);
    for (const { rendering } of this.#book.of(host)) {
      const wished = wishedOf(rendering.for(() => hostValues(host, record)));
      for (const { path } of wished.files) paths.add(path);
      for (const unit of wished.units.keys()) units.add(unit);
    }
    return paths.size + units.size === 0 ? null : { paths: [...paths], units: [...units] };
  }

  /** The files that the documents for a host name. */
  #namedOn(host: string): string[] {
    const record = this.#around.records.record('host', host) ?? {};
    return this.#book
      .of(host)
      .flatMap(({ rendering }) => rendering.for(() => hostValues(host, record)).files.map(({ path }) => path));
  }

  /** systemd says that unit files were changed: somebody is at work there. */
  #unitsTold(host: string, filesChanged: number | undefined): void {
    if (filesChanged === this.#filesChanged.get(host)) return;
    if (filesChanged === undefined) {
      this.#filesChanged.delete(host);
      return;
    }
    this.#filesChanged.set(host, filesChanged);
    const now = performance.now();
    const last = this.#hintedAt.get(host) ?? Number.NEGATIVE_INFINITY;
    // One that is still to come sees this as well; it is asked for again, as a reading in between may have stood for it.
    const at = last > now ? last : Math.max(now + hintMs, last + hintGapMs);
    this.#hintedAt.set(host, at);
    this.#soon(host, at - now);
  }

  /** A host that a change is newly over with may stand otherwise now. */
  #changeTold(id: string, hosts: readonly { readonly host: string; readonly state: string }[]): void {
    const over = hosts.filter(({ state }) => overStates.has(state)).map(({ host, state }) => `${state} ${host}`);
    const known = this.#settled.get(id);
    this.#settled.set(id, new Set(over));
    // What was over before this console opened the cluster is read anyway.
    if (!known) return;
    for (const each of over) {
      if (known.has(each)) continue;
      const host = each.slice(each.indexOf(' ') + 1);
      this.#actedOn.add(host);
      this.#soon(host, 0);
    }
  }

  #soon(host: string, inMs: number): void {
    const at = performance.now() + inMs;
    this.#due.set(host, Math.min(this.#due.get(host) ?? Number.POSITIVE_INFINITY, at));
  }

  #isUp(host: string): boolean {
    return isConnected(this.#around.records.get('host', host, 'link'));
  }

  #forget(host: string): void {
    this.#due.delete(host);
    this.#actedOn.delete(host);
    this.#filesChanged.delete(host);
    this.#hintedAt.delete(host);
    this.#toTell.delete(host);
    this.readings.delete(host);
  }
}

const overStates: ReadonlySet<string> = new Set(['done', 'restored', 'not-restored', 'undone', 'unreachable']);
