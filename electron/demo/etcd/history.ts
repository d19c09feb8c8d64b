import { type ByteRange, inRange } from './byte-range.ts';
import { etcdError } from './etcd-error.ts';

/** A key as it stood after some revision. */
export interface Stored {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
  readonly lease: string;
}

/** One change; a deletion has no `kv`. */
export interface Change {
  readonly revision: number;
  readonly key: Buffer;
  readonly kv: Stored | null;
}

interface KeyHistory {
  readonly key: Buffer;
  changes: Change[];
}

const emptyBytes = 20_480;

/** Every revision of every key since the last compaction, in memory. */
export class History {
  revision = 1;
  /** Reads below this are refused; -1 before the first compaction. */
  compacted = -1;
  readonly #byKey = new Map<string, KeyHistory>();
  /** The same, sorted by key. */
  #sorted: KeyHistory[] = [];
  #log: Change[] = [];

  /** The keys of a range as they stood at `revision`, in key order. */
  at(range: ByteRange, revision: number): Stored[] {
    if (revision > this.revision) throw etcdError('future');
    if (revision < this.compacted) throw etcdError('compacted');
    const found: Stored[] = [];
    for (let at = this.#place(range.start); at < this.#sorted.length; at++) {
      const history = this.#sorted[at];
      if (!history || !inRange(range, history.key)) break;
      const kv = lastUpTo(history.changes, revision)?.kv;
      if (kv) found.push(kv);
    }
    return found;
  }

  /** The key as it stood at `revision`, or null; nothing is refused. */
  one(key: Buffer, revision = Infinity): Stored | null {
    return lastUpTo(this.#byKey.get(key.toString('latin1'))?.changes ?? [], revision)?.kv ?? null;
  }

  /** Makes `changes` the next revision of the store; they carry that revision already. */
  append(changes: readonly Change[]): void {
    this.revision++;
    for (const change of changes) {
      const name = change.key.toString('latin1');
      let history = this.#byKey.get(name);
      if (!history) {
        history = { key: change.key, changes: [] };
        this.#byKey.set(name, history);
        this.#sorted.splice(this.#place(change.key), 0, history);
      }
      history.changes.push(change);
      this.#log.push(change);
    }
  }

  /** Changes of revisions `from` and later, oldest first. */
  since(from: number): readonly Change[] {
    let at = this.#log.length;
    while (at > 0 && (this.#log[at - 1]?.revision ?? 0) >= from) at--;
    return this.#log.slice(at);
  }

  /** Forgets what was superseded at or before `revision`; what stood then stays readable. */
  compact(revision: number): void {
    if (revision <= this.compacted) throw etcdError('compacted');
    if (revision > this.revision) throw etcdError('future');
    this.compacted = revision;
    for (const [name, history] of this.#byKey) {
      const standing = lastUpTo(history.changes, revision);
      history.changes = history.changes.filter(
        (change) => change.revision > revision || (change === standing && change.kv !== null),
      );
      if (history.changes.length === 0) this.#byKey.delete(name);
    }
    this.#sorted = this.#sorted.filter((history) => history.changes.length > 0);
    this.#log = this.#log.filter((change) => change.revision > revision || (change.revision === revision && change.kv));
  }

  /** Bytes held, roughly, on top of what a member's empty database takes. */
  bytes(): { all: number; inUse: number } {
    let all = emptyBytes;
    let inUse = emptyBytes;
    for (const { changes } of this.#sorted) {
      for (const { key, kv } of changes) all += 60 + key.length + (kv?.value.length ?? 0);
      const last = changes.at(-1);
      if (last?.kv) inUse += 60 + last.key.length + last.kv.value.length;
    }
    return { all, inUse };
  }

  get events(): number {
    return this.#log.length;
  }

  /** Where `key` is, or would be, in the sorted list. */
  #place(key: Buffer): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle]?.key.compare(key) ?? 0) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function lastUpTo(changes: readonly Change[], revision: number): Change | undefined {
  return changes.findLast((change) => change.revision <= revision);
}
