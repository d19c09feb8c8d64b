import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fail } from '#shared/contract/problem.ts';
import type { StoredEntry, StoreGuard, StoreNews, StoreStep } from './journal-store.ts';

/** What is kept of the past for watchers; who is further behind begins anew. */
const keptRevisions = 500;
const keptBytes = 8 * 1024 * 1024;

type Row = Record<string, unknown>;

/** What a journal file holds: keys, and what its last revisions changed; every call belongs into a transaction. */
export class JournalRows {
  readonly #revision: StatementSync;
  readonly #setRevision: StatementSync;
  readonly #get: StatementSync;
  readonly #from: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #ofLease: StatementSync;
  readonly #leased: StatementSync;
  readonly #note: StatementSync;
  readonly #notes: StatementSync;
  readonly #sizes: StatementSync;
  readonly #forget: StatementSync;

  constructor(database: DatabaseSync) {
    const entry = 'SELECT key, value, created, modified FROM entries';
    this.#revision = database.prepare('SELECT number FROM revision');
    this.#setRevision = database.prepare('UPDATE revision SET number = ?');
    this.#get = database.prepare(`${entry} WHERE key = ?`);
    // SQLite compares text by its bytes in UTF-8, as etcd does: what starts with a prefix stands together.
    this.#from = database.prepare(`${entry} WHERE key >= ? ORDER BY key`);
    this.#put = database.prepare(
      `INSERT INTO entries (key, value, created, modified, lease) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key)
       DO UPDATE SET value = excluded.value, modified = excluded.modified, lease = excluded.lease RETURNING created`,
    );
    this.#delete = database.prepare('DELETE FROM entries WHERE key = ?');
    this.#ofLease = database.prepare('SELECT key FROM entries WHERE lease = ?');
    this.#leased = database.prepare('SELECT 1 FROM leases WHERE id = ?');
    this.#note = database.prepare('INSERT INTO changes (revision, key, bytes, created, value) VALUES (?, ?, ?, ?, ?)');
    this.#notes = database.prepare(
      'SELECT revision, key, created, value FROM changes WHERE revision > ? ORDER BY revision, key',
    );
    this.#sizes = database.prepare('SELECT revision, bytes FROM changes ORDER BY revision DESC');
    this.#forget = database.prepare('DELETE FROM changes WHERE revision <= ?');
  }

  revision(): number {
    return Number(this.#revision.get()?.['number']);
  }

  get(key: string): StoredEntry | null {
    const row = this.#get.get(key);
    return row ? toEntry(row) : null;
  }

  list(prefix: string): StoredEntry[] {
    const entries: StoredEntry[] = [];
    for (const row of this.#from.iterate(prefix)) {
      const entry = toEntry(row);
      if (!entry.key.startsWith(prefix)) break;
      entries.push(entry);
    }
    return entries;
  }

  holds(guard: StoreGuard): boolean {
    const entry = this.get(guard.key);
    if (guard.is === 'absent') return entry === null;
    return entry?.[guard.is] === guard.at;
  }

  /** The keys bound to a lease. */
  boundTo(lease: string): string[] {
    return this.#ofLease.all(lease).map((row) => String(row['key']));
  }

  /** Takes the steps as one revision and gives it; without any effect there is no new one, as in etcd. */
  take(steps: readonly StoreStep[]): number {
    const before = this.revision();
    const revision = before + 1;
    let changed = false;
    const note = (key: string, created: number | null, value: string | null) => {
      this.#note.run(revision, key, Buffer.byteLength(key) + Buffer.byteLength(value ?? ''), created, value);
      changed = true;
    };
    const remove = (key: string) => {
      if (this.#delete.run(key).changes > 0) note(key, null, null);
    };
    for (const step of steps) {
      if ('delete' in step) remove(step.delete);
      else if ('deletePrefix' in step) for (const { key } of this.list(step.deletePrefix)) remove(key);
      else {
        if (step.lease !== undefined && !this.#leased.get(step.lease))
          throw fail('not-found', `the lease that ${step.put} was to be bound to is gone`);
        const row = this.#put.get(step.put, step.value, revision, revision, step.lease ?? null);
        note(step.put, Number(row?.['created']), step.value);
      }
    }
    if (!changed) return before;
    this.#setRevision.run(revision);
    if (revision % 16 === 0) this.#trim(revision);
    return revision;
  }

  /** What each revision after that one changed under the prefix, in order; null when too much of it is forgotten. */
  changesAfter(last: number, prefix: string): StoreNews[] | null {
    const news: { reset: false; revision: number; changed: StoredEntry[]; gone: string[] }[] = [];
    let reached = last;
    for (const { revision: at, key, created, value } of this.#notes.iterate(last)) {
      const revision = Number(at);
      // Every revision changes something, so that a missing one was forgotten.
      if (revision > reached + 1) return null;
      reached = revision;
      if (!String(key).startsWith(prefix)) continue;
      let told = news.at(-1);
      if (told?.revision !== revision) news.push((told = { reset: false, revision, changed: [], gone: [] }));
      if (value === null) told.gone.push(String(key));
      else told.changed.push({ key: String(key), value: String(value), created: Number(created), modified: revision });
    }
    return reached === this.revision() ? news : null;
  }

  #trim(newest: number): void {
    let bytes = 0;
    for (const row of this.#sizes.all()) {
      bytes += Number(row['bytes']);
      const revision = Number(row['revision']);
      if (bytes <= keptBytes && revision > newest - keptRevisions) continue;
      this.#forget.run(revision);
      return;
    }
  }
}

function toEntry(row: Row): StoredEntry {
  return {
    key: String(row['key']),
    value: String(row['value']),
    created: Number(row['created']),
    modified: Number(row['modified']),
  };
}
