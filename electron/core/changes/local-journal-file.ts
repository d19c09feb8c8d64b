import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, type Problem, ProblemError, toProblem } from '#shared/contract/problem.ts';
import type { Scope } from '../lib/scope.ts';

const schemaVersion = 2;
/** How long SQLite itself waits for another process; short, as nothing else runs in this process meanwhile. */
const busyMs = 200;
const busyInAllMs = 5_000;
const hint = 'Move it away and begin a new one; what changes did to hosts stays as it is.';

const schema = `
  CREATE TABLE IF NOT EXISTS entries
    (key TEXT PRIMARY KEY, value TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL, lease TEXT);
  CREATE INDEX IF NOT EXISTS entries_of_lease ON entries (lease) WHERE lease IS NOT NULL;
  CREATE TABLE IF NOT EXISTS leases (id TEXT PRIMARY KEY, expires INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS revision (number INTEGER NOT NULL);
  INSERT INTO revision SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM revision);
  CREATE TABLE IF NOT EXISTS changes
    (revision INTEGER, key TEXT, bytes INTEGER NOT NULL, created INTEGER, value TEXT, PRIMARY KEY (revision, key))
    WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion}`;

/** An open journal file, with its transactions; every error is a ProblemError that names the file. */
export class JournalFile {
  readonly database: DatabaseSync;
  readonly #file: string;
  readonly #scope: Scope;

  constructor(database: DatabaseSync, file: string, scope: Scope) {
    this.database = database;
    this.#file = file;
    this.#scope = scope;
  }

  /** Changes whenever another connection has committed. */
  dataVersion(): number {
    return this.#told(() => Number(this.database.prepare('PRAGMA data_version').get()?.['data_version']));
  }

  /** Everything that `work` reads stood there at one moment. */
  read<T>(work: () => T): T {
    return this.#transaction('BEGIN', work);
  }

  /** What `work` writes is made whole or not at all; waits up to 5 s for others, and `begin` runs before each attempt. */
  async write<T>(begin: () => void, work: () => T): Promise<T> {
    for (const until = performance.now() + busyInAllMs; ; ) {
      try {
        begin();
        return this.#transaction('BEGIN IMMEDIATE', work);
      } catch (error) {
        if (toProblem(error).code !== 'busy' || performance.now() >= until) throw error;
        await pause(this.#scope, 5 + Math.random() * 20);
        if (this.#scope.ended) throw fail('cancelled', `${this.#file} was closed`);
      }
    }
  }

  #transaction<T>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', work: () => T): T {
    const { database } = this;
    return this.#told(() => {
      let deciding = false;
      database.exec(begin);
      try {
        const value = work();
        deciding = begin === 'BEGIN IMMEDIATE';
        database.exec('COMMIT');
        return value;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        const problem = sqliteProblem(error, this.#file).problem;
        if (!deciding || problem.code === 'busy') throw error;
        throw fail('lost', `${problem.message}; the commit may or may not have been made`, {
          hint: 'Read the key before trying again.',
        });
      }
    });
  }

  #told<T>(work: () => T): T {
    if (!this.database.isOpen) throw fail('cancelled', `${this.#file} is closed`);
    try {
      return work();
    } catch (error) {
      throw sqliteProblem(error, this.#file);
    }
  }
}

/** Opens the file, makes it when it is not there, readable by its owner only; closed with the scope. */
export async function openJournalFile(file: string, scope: Scope): Promise<JournalFile> {
  let database: DatabaseSync | null = null;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    if (scope.ended) throw fail('cancelled', `${file} is no longer wanted`);
    // Made here, so that it is never readable by others; SQLite gives its companions the same mode.
    await (await open(file, 'a', 0o600)).close();
    await chmod(file, 0o600);
    if (scope.ended) throw fail('cancelled', `${file} is no longer wanted`);
    for (const until = performance.now() + busyInAllMs; ; ) {
      try {
        database = new DatabaseSync(file, { timeout: busyMs });
        prepare(database, file);
        break;
      } catch (error) {
        if (database?.isOpen) database.close();
        if (sqliteProblem(error, file).problem.code !== 'busy' || performance.now() >= until) throw error;
        await pause(scope, 20);
        if (scope.ended) throw fail('cancelled', `${file} is no longer wanted`);
      }
    }
  } catch (error) {
    throw sqliteProblem(error, file);
  }
  const opened = database;
  scope.add(() => opened.close());
  if (scope.ended) throw fail('cancelled', `${file} is no longer wanted`);
  return new JournalFile(opened, file, scope);
}

function prepare(database: DatabaseSync, file: string): void {
  const number = (sql: string) => Number(Object.values(database.prepare(sql).get() ?? {})[0] ?? 0);
  const check = () => {
    const version = number('PRAGMA user_version');
    if (version > schemaVersion)
      throw fail('unsupported', `${file} was written by a newer Quarterdeck`, {
        hint: `Use that one, or: ${hint.charAt(0).toLowerCase()}${hint.slice(1)}`,
      });
    if (version < 0 || (version === 0 && number('SELECT count(*) FROM sqlite_master') > 0))
      throw fail('protocol', `${file} is not a journal of changes: it is a database of something else`, { hint });
    return version;
  };
  // As it stood at one moment: another process may be making it.
  database.exec('BEGIN');
  check();
  database.exec('COMMIT');
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('BEGIN IMMEDIATE');
  // Looked at again: another process may have made it meanwhile.
  if (check() < schemaVersion) database.exec(schema);
  database.exec('COMMIT');
}

const codes: Readonly<Record<number, readonly [Problem['code'], string?]>> = {
  1: ['protocol', hint],
  3: ['permission', 'Make the file yours, readable and writable.'],
  5: ['busy', 'Another Quarterdeck writes there; try again.'],
  6: ['busy', 'Another Quarterdeck writes there; try again.'],
  8: ['permission', 'Make the file yours, readable and writable.'],
  10: ['refused', 'See whether the disk is in order.'],
  11: ['protocol', hint],
  13: ['refused', 'The disk is full: make room on it.'],
  14: ['permission', 'Make the file and its folder yours, readable and writable.'],
  26: ['protocol', hint],
};

/** Whatever SQLite or the file system threw as a ProblemError that names the file; what is one already passes through. */
function sqliteProblem(error: unknown, file: string): ProblemError {
  if (error instanceof ProblemError) return error;
  const { errcode, code, message } = error as { errcode?: number; code?: string; message: string };
  // The low byte is the kind, the rest says more of it.
  const known = errcode === undefined ? undefined : codes[errcode % 256];
  const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'EISDIR';
  const kind = known?.[0] ?? (denied ? 'permission' : 'refused');
  const words = kind === 'protocol' ? `${file} is not a journal of changes: ${message}` : `${file}: ${message}`;
  const more = known?.[1] ?? (denied ? codes[14]?.[1] : undefined);
  return new ProblemError(
    { code: kind, message: words, ...(more === undefined ? {} : { hint: more }) },
    { cause: error },
  );
}

/** Ends early with the scope. Keeps the process alive, unlike a scope's timers: somebody waits for what comes after it. */
async function pause(scope: Scope, ms: number): Promise<void> {
  await sleep(ms, null, { signal: scope.signal }).catch(() => {});
}
