import { type ByteRange, inRange, toRange } from './byte-range.ts';
import type { Change, History } from './history.ts';
import type { WatchCreateRequest, WatchRequest } from './messages.ts';
import { wireKeyValue } from './range-answer.ts';

/** One reply of a watch stream, without its header; `revision` is what the header should say. */
export interface WatchReply {
  readonly revision: number;
  readonly watch_id: string;
  readonly created?: boolean;
  readonly canceled?: boolean;
  readonly compact_revision?: number;
  readonly cancel_reason?: string;
  readonly fragment?: boolean;
  readonly events?: readonly object[];
}

interface Watcher {
  readonly id: string;
  readonly range: ByteRange;
  readonly request: WatchCreateRequest;
  /** First revision that it wants. */
  readonly from: number;
  toldAt: number;
}

/** Above this a reply is cut in parts for watchers that allow it; a real etcd's `--max-request-bytes` plus its gRPC allowance. */
const fragmentBytes = 2 * 1024 * 1024;
const batchRevisions = 1000;

/** The watchers of one Watch stream. */
export class Watchers {
  readonly #history: History;
  readonly #send: (reply: WatchReply) => void;
  readonly #now: () => number;
  readonly #byId = new Map<string, Watcher>();
  #nextId = 0;

  constructor(history: History, send: (reply: WatchReply) => void, now: () => number) {
    this.#history = history;
    this.#send = send;
    this.#now = now;
  }

  take({ create_request: create, cancel_request: cancel, progress_request: progress }: WatchRequest): void {
    const { revision } = this.#history;
    if (create) this.#create(create);
    else if (cancel && this.#byId.delete(cancel.watch_id))
      this.#send({ revision, watch_id: cancel.watch_id, canceled: true });
    else if (progress) this.#send({ revision, watch_id: '-1' });
  }

  /** Tells what a commit changed. */
  tell(changes: readonly Change[]): void {
    for (const watcher of this.#byId.values()) this.#events(watcher, changes, changes[0]?.revision ?? 0);
  }

  /** Tells watchers that asked for it, and had nothing for `idleMs`, how far they are. */
  progress(idleMs: number): void {
    for (const watcher of this.#byId.values()) {
      if (!watcher.request.progress_notify || this.#now() - watcher.toldAt < idleMs) continue;
      watcher.toldAt = this.#now();
      this.#send({ revision: this.#history.revision, watch_id: watcher.id });
    }
  }

  #create(request: WatchCreateRequest): void {
    const { revision } = this.#history;
    const refuse = (cancel_reason: string) =>
      this.#send({ revision, watch_id: '-1', created: true, canceled: true, cancel_reason });
    const key = request.key.length > 0 ? request.key : Buffer.from([0]);
    const range = toRange(key, request.range_end);
    if (range.end !== null && range.end.compare(range.start) <= 0) return refuse('mvcc: watcher range is empty');
    if (this.#byId.has(request.watch_id)) {
      if (request.watch_id !== '0') return refuse('mvcc: duplicate watch ID provided on the WatchStream');
    }
    const id = request.watch_id === '0' ? this.#freeId() : request.watch_id;
    const from = Number(request.start_revision) || revision + 1;
    const watcher = { id, range, request, from, toldAt: this.#now() };
    this.#byId.set(id, watcher);
    this.#send({ revision, watch_id: id, created: true });
    this.#catchUp(watcher);
  }

  #catchUp(watcher: Watcher): void {
    if (watcher.from > this.#history.revision) return;
    const { compacted } = this.#history;
    if (watcher.from < compacted) {
      this.#byId.delete(watcher.id);
      this.#send({ revision: 0, watch_id: watcher.id, canceled: true, compact_revision: compacted });
      return;
    }
    let batch: Change[] = [];
    const revisions = new Set<number>();
    for (const change of this.#history.since(watcher.from)) {
      if (revisions.size === batchRevisions && !revisions.has(change.revision)) {
        this.#events(watcher, batch, this.#history.revision);
        batch = [];
        revisions.clear();
      }
      revisions.add(change.revision);
      batch.push(change);
    }
    this.#events(watcher, batch, this.#history.revision);
  }

  #events(watcher: Watcher, changes: readonly Change[], revision: number): void {
    const { filters, fragment } = watcher.request;
    const wanted = changes.filter(
      ({ key, kv, revision: at }) =>
        at >= watcher.from && inRange(watcher.range, key) && !filters.includes(kv ? 'Noput' : 'Nodelete'),
    );
    if (wanted.length === 0) return;
    watcher.toldAt = this.#now();
    const parts = fragment ? cut(wanted) : [wanted];
    parts.forEach((part, at) => {
      const events = part.map((change) => this.#event(change, watcher.request.prev_kv));
      this.#send({ revision, watch_id: watcher.id, events, fragment: at < parts.length - 1 });
    });
  }

  #event({ key, kv, revision }: Change, withPrevious: boolean): object {
    const before =
      withPrevious && revision - 1 >= this.#history.compacted ? this.#history.one(key, revision - 1) : null;
    return {
      type: kv ? 'Put' : 'Delete',
      kv: kv ? wireKeyValue(kv) : { key, mod_revision: revision },
      prev_kv: before && wireKeyValue(before),
    };
  }

  #freeId(): string {
    while (this.#byId.has(String(this.#nextId))) this.#nextId++;
    return String(this.#nextId++);
  }
}

function cut(changes: readonly Change[]): Change[][] {
  const parts: Change[][] = [];
  let part: Change[] = [];
  let bytes = 0;
  for (const change of changes) {
    const size = 40 + change.key.length + (change.kv?.value.length ?? 0);
    if (part.length > 0 && bytes + size > fragmentBytes) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(change);
    bytes += size;
  }
  return [...parts, part];
}
