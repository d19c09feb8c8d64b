import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fail } from '#shared/contract/problem.ts';
import type { Scope } from '../lib/scope.ts';
import { checkCommit } from './check-commit.ts';
import type { JournalStore, StoredEntry, StoreGuard, StoreNews, StoreStep } from './journal-store.ts';

const schemaVersion = 1;
const pollMs = 250;
/** A lease counts as lost here this long before others may take what it held. */
const marginMs = 500;

interface Watcher {
  readonly prefix: string;
  readonly news: (news: StoreNews) => void;
  /** What it was told of: the revision of each key. */
  readonly told: Map<string, number>;
}

/**
 * The journal on this console's own disk, in one SQLite file that several processes of one person may have open. Rejects
 * with `unsupported` for a file of a newer Quarterdeck, `protocol` for one that is no journal.
 */
export async function openLocalJournalStore(
  file: string,
  scope: Scope,
  now: () => number = Date.now,
): Promise<JournalStore> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const database = openDatabase(file);
  await chmod(file, 0o600);
  const store = new LocalJournalStore(database, scope, now);
  scope.add(() => {
    store.close();
    database.close();
  });
  return store;
}

function openDatabase(file: string): DatabaseSync {
  const hint = 'Move it away; changes that were made stay on their hosts.';
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file);
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version > schemaVersion) throw fail('unsupported', `${file} was written by a newer Quarterdeck`, { hint });
    database.exec(`
      BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS entries
        (key TEXT PRIMARY KEY, value TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL, lease TEXT);
      CREATE TABLE IF NOT EXISTS leases (id TEXT PRIMARY KEY, expires INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS revision (number INTEGER NOT NULL);
      INSERT INTO revision SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM revision);
      PRAGMA user_version = ${schemaVersion};
      COMMIT`);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Error && /not a database|malformed|no such column/.test(error.message))
      throw fail('protocol', `${file} is not a journal of changes: ${error.message}`, { hint });
    throw error;
  }
}

class LocalJournalStore implements JournalStore {
  readonly kind = 'local';
  readonly #database: DatabaseSync;
  readonly #scope: Scope;
  readonly #now: () => number;
  readonly #watchers = new Set<Watcher>();
  readonly #leases = new Map<string, { ttlMs: number; aliveUntil: number; lost: () => void }>();
  #version = -1;
  #closed = false;

  constructor(database: DatabaseSync, scope: Scope, now: () => number) {
    this.#database = database;
    this.#scope = scope;
    this.#now = now;
    scope.every(pollMs, () => this.#poll());
  }

  close(): void {
    this.#closed = true;
  }

  async get(key: string): Promise<StoredEntry | null> {
    this.#sweep();
    const row = this.#database.prepare('SELECT key, value, created, modified FROM entries WHERE key = ?').get(key);
    return row ? toEntry(row) : null;
  }

  async list(prefix: string): Promise<{ revision: number; entries: StoredEntry[] }> {
    this.#sweep();
    return this.#inTransaction(() => ({ revision: this.#revision(), entries: this.#under(prefix) }));
  }

  async commit(
    guards: readonly StoreGuard[],
    steps: readonly StoreStep[],
  ): Promise<{ made: boolean; revision: number }> {
    checkCommit(steps);
    this.#sweep();
    const done = this.#inTransaction(() => {
      if (!guards.every((guard) => this.#holds(guard))) return { made: false, revision: this.#revision() };
      const revision = this.#revision() + 1;
      for (const step of steps) this.#take(step, revision);
      this.#database.prepare('UPDATE revision SET number = ?').run(revision);
      return { made: true, revision };
    });
    if (done.made) this.#tell();
    return done;
  }

  watch(prefix: string, news: (news: StoreNews) => void): () => void {
    const watcher: Watcher = { prefix, news, told: new Map() };
    const entries = this.#under(prefix);
    for (const { key, modified } of entries) watcher.told.set(key, modified);
    this.#watchers.add(watcher);
    const revision = this.#revision();
    // After the caller has its handle.
    queueMicrotask(() => {
      if (this.#watchers.has(watcher)) news({ reset: true, revision, changed: entries, gone: [] });
    });
    return () => void this.#watchers.delete(watcher);
  }

  async lease(ttlSeconds: number, onLost: Parameters<JournalStore['lease']>[1]) {
    const id = randomBytes(8).toString('hex');
    const ttlMs = ttlSeconds * 1000;
    const lost = () => onLost(fail('lost', `the lease on the journal could not be renewed in time`).problem);
    const mine = { ttlMs, aliveUntil: performance.now() + ttlMs - marginMs, lost };
    this.#database.prepare('INSERT INTO leases VALUES (?, ?)').run(id, this.#now() + ttlMs);
    this.#leases.set(id, mine);
    const stop = this.#scope.every(ttlMs / 3, () => this.#renew(id));
    return {
      id,
      ttlSeconds,
      get aliveUntil() {
        return mine.aliveUntil;
      },
      release: async () => {
        stop();
        if (!this.#leases.delete(id) || this.#closed) return;
        this.#database.prepare('UPDATE leases SET expires = 0 WHERE id = ?').run(id);
        this.#sweep();
      },
    };
  }

  #renew(id: string): void {
    const mine = this.#leases.get(id);
    if (!mine || this.#closed) return;
    const sentAt = performance.now();
    const { changes } = this.#database
      .prepare('UPDATE leases SET expires = ? WHERE id = ? AND expires > ?')
      .run(this.#now() + mine.ttlMs, id, this.#now());
    if (changes > 0) mine.aliveUntil = sentAt + mine.ttlMs - marginMs;
    else this.#lose(id);
  }

  #lose(id: string): void {
    const mine = this.#leases.get(id);
    if (this.#leases.delete(id)) mine?.lost();
  }

  /** Leases whose time is up, and all that was bound to them. */
  #sweep(): void {
    for (const [id, { aliveUntil }] of this.#leases) if (performance.now() >= aliveUntil) this.#lose(id);
    const now = this.#now();
    const due = this.#database.prepare('SELECT 1 FROM leases WHERE expires <= ? LIMIT 1').get(now);
    if (!due) return;
    this.#inTransaction(() => {
      const gone = this.#database
        .prepare('DELETE FROM entries WHERE lease IN (SELECT id FROM leases WHERE expires <= ?)')
        .run(now);
      this.#database.prepare('DELETE FROM leases WHERE expires <= ?').run(now);
      if (gone.changes > 0) this.#database.prepare('UPDATE revision SET number = number + 1').run();
    });
    this.#tell();
  }

  #poll(): void {
    if (this.#closed) return;
    this.#sweep();
    const version = Number(this.#database.prepare('PRAGMA data_version').get()?.['data_version']);
    if (version !== this.#version) this.#tell();
    this.#version = version;
  }

  /** Tells each watcher what is otherwise than it was told. */
  #tell(): void {
    if (this.#watchers.size === 0) return;
    const revision = this.#revision();
    for (const { prefix, news, told } of this.#watchers) {
      const entries = this.#under(prefix);
      const changed = entries.filter(({ key, modified }) => told.get(key) !== modified);
      const there = new Set(entries.map(({ key }) => key));
      const gone = [...told.keys()].filter((key) => !there.has(key));
      for (const key of gone) told.delete(key);
      for (const { key, modified } of changed) told.set(key, modified);
      if (changed.length > 0 || gone.length > 0) news({ reset: false, revision, changed, gone });
    }
  }

  #inTransaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const value = work();
      this.#database.exec('COMMIT');
      return value;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #revision(): number {
    return Number(this.#database.prepare('SELECT number FROM revision').get()?.['number']);
  }

  #under(prefix: string): StoredEntry[] {
    // Compared by bytes, as etcd does: LIKE and collations would not.
    return this.#database
      .prepare('SELECT key, value, created, modified FROM entries WHERE substr(key, 1, ?) = ? ORDER BY key')
      .all(prefix.length, prefix)
      .map(toEntry);
  }

  #holds(guard: StoreGuard): boolean {
    const row = this.#database.prepare('SELECT created, modified FROM entries WHERE key = ?').get(guard.key);
    if (guard.is === 'absent') return row === undefined;
    return row?.[guard.is] === guard.at;
  }

  #take(step: StoreStep, revision: number): void {
    if ('delete' in step) this.#database.prepare('DELETE FROM entries WHERE key = ?').run(step.delete);
    else if ('deletePrefix' in step) {
      const prefix = step.deletePrefix;
      this.#database.prepare('DELETE FROM entries WHERE substr(key, 1, ?) = ?').run(prefix.length, prefix);
    } else {
      if (step.lease !== undefined && !this.#leases.has(step.lease))
        throw fail('lost', 'the lease that the key was to be bound to is gone');
      this.#database
        .prepare(
          `INSERT INTO entries VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE
           SET value = excluded.value, modified = excluded.modified, lease = excluded.lease`,
        )
        .run(step.put, step.value, revision, revision, step.lease ?? null);
    }
  }
}

function toEntry(row: Record<string, unknown>): StoredEntry {
  return {
    key: String(row['key']),
    value: String(row['value']),
    created: Number(row['created']),
    modified: Number(row['modified']),
  };
}
