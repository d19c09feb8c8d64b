import { isDeepStrictEqual } from 'node:util';
import {
  type Change,
  isListByHost,
  type Kind,
  type RecordOf,
  type SectionName,
  type Sections,
} from '#shared/contract/records.ts';
import { changedHosts } from './changed-hosts.ts';

/** Hears of a change; `hosts` are those of a list by host whose items changed, null when the list is another one. */
export type ChangeListener = (change: Change, hosts: ReadonlySet<string> | null) => void;

/** Records made of sections: the one place where the state of a cluster (or of the console) lives. */
export class Records {
  readonly #kinds = new Map<Kind, Map<string, Record<string, unknown>>>();
  readonly #listeners = new Set<ChangeListener>();

  /** Replaces one section and tells the listeners; an equal value is dropped and answers false. */
  publish<K extends Kind, S extends SectionName<K>>(kind: K, id: string, section: S, value: Sections[K][S]): boolean {
    let ofKind = this.#kinds.get(kind);
    if (!ofKind) this.#kinds.set(kind, (ofKind = new Map()));
    let record = ofKind.get(id);
    if (!record) ofKind.set(id, (record = {}));
    const before = record[section];
    const hosts = isListByHost(kind, section) ? changedHosts(before, value) : null;
    if (hosts ? hosts.size === 0 : isDeepStrictEqual(before, value)) return false;
    record[section] = value;
    this.#tell([kind, id, section, value] as unknown as Change, hosts);
    return true;
  }

  /** Takes one section away. */
  drop<K extends Kind>(kind: K, id: string, section: SectionName<K>): void {
    const record = this.#kinds.get(kind)?.get(id);
    if (!record || !(section in record)) return;
    delete record[section];
    if (Object.keys(record).length === 0) this.#kinds.get(kind)?.delete(id);
    this.#tell([kind, id, section, null] as unknown as Change);
  }

  /** Takes a whole record away, section by section. */
  remove(kind: Kind, id: string): void {
    const record = this.#kinds.get(kind)?.get(id);
    if (record) for (const section of Object.keys(record)) this.drop(kind, id, section as never);
  }

  get<K extends Kind, S extends SectionName<K>>(kind: K, id: string, section: S): Sections[K][S] | undefined {
    return this.#kinds.get(kind)?.get(id)?.[section] as Sections[K][S] | undefined;
  }

  record<K extends Kind>(kind: K, id: string): RecordOf<K> | undefined {
    return this.#kinds.get(kind)?.get(id) as RecordOf<K> | undefined;
  }

  ids(kind: Kind): string[] {
    return [...(this.#kinds.get(kind)?.keys() ?? [])];
  }

  /** Everything, as the changes that would build it. */
  all(): Change[] {
    const out: Change[] = [];
    for (const [kind, ofKind] of this.#kinds)
      for (const [id, record] of ofKind)
        for (const [section, value] of Object.entries(record))
          out.push([kind, id, section, value] as unknown as Change);
    return out;
  }

  /** Returns a function that stops listening. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(change: Change, hosts: ReadonlySet<string> | null = null): void {
    for (const listener of this.#listeners) listener(change, hosts);
  }
}
