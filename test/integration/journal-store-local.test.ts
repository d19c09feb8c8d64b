import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLocalJournalStore } from '#core/changes/local-journal-store.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { until } from '#kit/etcd.ts';
import { JournalCopy, temporaryFolder } from '#kit/journal-stores.ts';
import { type Problem, toProblem } from '#shared/contract/problem.ts';

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
let scope: Scope;
let file: string;
beforeEach(async () => {
  scope = new Scope('local journal test');
  file = join(await temporaryFolder(scope), 'new', 'changes.db');
});
afterEach(async () => {
  await scope.end();
  expect(openScopes()).toEqual([]);
});

/** Another process with the journal open as `store`; `lines` is what it printed so far. */
function program(body: string): { child: ChildProcess; lines: string[]; ended: Promise<unknown> } {
  const text = `
    import { openLocalJournalStore } from '#core/changes/local-journal-store.ts';
    import { Scope } from '#core/lib/scope.ts';
    const scope = new Scope('child');
    const store = await openLocalJournalStore(process.argv[1], scope);
    const say = (line) => process.stdout.write(line + '\\n');
    ${body}
    await scope.end();`;
  const words = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', text, file];
  const child = spawn(process.execPath, words, { cwd: repository, stdio: ['ignore', 'pipe', 'inherit'] });
  scope.add(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return { child, lines, ended: new Promise((resolve) => child.on('close', resolve)) };
}

async function refusal(): Promise<Problem> {
  const own = new Scope('refused journal');
  try {
    return await openLocalJournalStore(file, own).then(() => Promise.reject(new Error('it was opened')), toProblem);
  } finally {
    await own.end();
  }
}

test('a process killed in mid-commit leaves whole commits only, and all that it was told were made', async () => {
  const store = await openLocalJournalStore(file, scope);
  const copy = new JournalCopy(store, 'k/');
  let last = 0;
  for (let round = 0; round < 6; round++) {
    const { child, lines, ended } = program(`
      const filler = 'x'.repeat(20_000);
      for (let at = ${last + 1}; ; at++) {
        const value = at + ' ' + filler;
        const puts = ['k/a', 'k/b', 'k/c', 'k/d'].map((put) => ({ put, value }));
        await store.commit([], [...puts, { delete: 'k/' + (at - 1) }, { put: 'k/' + at, value: '' }]);
        say(String(at));
      }`);
    await until('some commits', 10_000, () => lines.length > 10 + round * 7);
    child.kill('SIGKILL');
    await ended;
    const { entries, revision } = await store.list('k/');
    const at = Number.parseInt(entries.find(({ key }) => key === 'k/a')?.value ?? '', 10);
    expect(at).toBeGreaterThanOrEqual(Number(lines.at(-1)));
    expect(at - Number(lines.at(-1))).toBeLessThanOrEqual(1);
    expect(entries.map(({ key }) => key)).toEqual([`k/${at}`, 'k/a', 'k/b', 'k/c', 'k/d']);
    expect(new Set(entries.slice(1).map(({ value }) => value)).size).toBe(1);
    expect(entries.every(({ modified }) => modified === revision)).toBe(true);
    last = at;
  }
  await until('the watcher', 3000, () => copy.entries.has(`k/${last}`));
  expect([copy.resets, copy.log.length, copy.entries.size]).toEqual([1, last, 5]);
  const database = new DatabaseSync(file, { readOnly: true });
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  database.close();
});

test('the keys of a killed process go when its lease runs out, and only then', async () => {
  const store = await openLocalJournalStore(file, scope);
  const copy = new JournalCopy(store, 'own');
  const { child, ended } = program(`
    const lease = await store.lease(2, () => say('lost'));
    await store.commit([], [{ put: 'own', value: 'child', lease: lease.id }]);
    await new Promise((resolve) => setTimeout(resolve, 60_000));`);
  await until('the key', 10_000, () => copy.entries.has('own'));
  await new Promise((resolve) => {
    setTimeout(resolve, 2500);
  });
  expect(copy.entries.get('own')).toBe('child');
  child.kill('SIGKILL');
  await ended;
  const killedAt = performance.now();
  await until('gone', 4000, () => copy.entries.size === 0);
  expect(performance.now() - killedAt).toBeGreaterThan(900);
  expect(await store.get('own')).toBeNull();
});

test('of two processes that each make a key when it is absent, exactly one does, each time', async () => {
  const contend = `
    for (let at = 0; at < 200; at++) {
      const { made } = await store.commit([{ key: 'k/' + at, is: 'absent' }], [{ put: 'k/' + at, value: process.pid + '' }]);
      if (made) say('k/' + at);
    }`;
  const both = [program(contend), program(contend)];
  expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
  const won = both.flatMap(({ child, lines }) => lines.map((key) => `${key} ${child.pid}`));
  const { entries } = await (await openLocalJournalStore(file, scope)).list('k/');
  expect(won.toSorted()).toEqual(entries.map(({ key, value }) => `${key} ${value}`).toSorted());
  expect(entries.length).toBe(200);
});

test('a holder whose clock jumps ahead, as after a sleep, counts its lease as lost before it asks others', async () => {
  let ahead = 0;
  const store = await openLocalJournalStore(file, scope, () => Date.now() + ahead);
  const told: string[] = [];
  const lease = await store.lease(30, ({ code }) => told.push(code));
  await store.commit([], [{ put: 'own', value: 'x', lease: lease.id }]);
  expect(lease.aliveUntil - performance.now()).toBeGreaterThan(28_000);
  ahead = 29_500;
  expect(lease.aliveUntil).toBeLessThan(performance.now());
  expect((await store.get('own'))?.value).toBe('x');
  expect(told).toEqual(['lost']);
  ahead = 30_500;
  expect(await store.get('own')).toBeNull();
});

test('a lease that was taken away is told as lost at once, not when it would be renewed', async () => {
  const store = await openLocalJournalStore(file, scope);
  const told: string[] = [];
  const lease = await store.lease(60, ({ code }) => told.push(code));
  const raw = new DatabaseSync(file, { timeout: 2000 });
  scope.add(() => raw.close());
  raw.prepare('DELETE FROM leases WHERE id = ?').run(lease.id);
  await until('loss', 2000, () => told.length > 0);
  expect(told).toEqual(['lost']);
});

test('a watcher that is behind what is kept begins anew, and what is kept is bounded', async () => {
  const store = await openLocalJournalStore(file, scope);
  const copy = new JournalCopy(store, 'k/');
  await until('the reset', 3000, () => copy.resets === 1);
  const raw = new DatabaseSync(file, { timeout: 2000 });
  scope.add(() => raw.close());
  // Revision 2 is forgotten, 3 is not.
  raw.exec(`BEGIN IMMEDIATE; INSERT INTO entries VALUES ('k/a', 'unseen', 2, 3, NULL);
    INSERT INTO changes VALUES (3, 'k/z', 0, NULL, NULL); UPDATE revision SET number = 3; COMMIT`);
  await until('a second reset', 3000, () => copy.resets === 2);
  expect([...copy.entries]).toEqual([['k/a', 'unseen']]);
  // Nothing is left of 4.
  raw.exec('BEGIN IMMEDIATE; DELETE FROM entries; UPDATE revision SET number = 4; COMMIT');
  await until('a third reset', 3000, () => copy.resets === 3);
  expect(copy.entries.size).toBe(0);
  for (let at = 0; at < 600; at++) await store.commit([], [{ put: 'k/b', value: String(at) }]);
  const count = () => raw.prepare('SELECT count(*) AS rows, sum(bytes) AS bytes FROM changes').get();
  expect(Number(count()?.['rows'])).toBeLessThan(520);
  const value = 'x'.repeat(1_000_000);
  for (let at = 0; at < 40; at++) await store.commit([], [{ put: 'k/c', value }]);
  expect(Number(count()?.['bytes'])).toBeLessThan(25_000_000);
  await until('all of it', 3000, () => copy.entries.has('k/c'));
  expect([copy.resets, copy.log.length]).toEqual([3, 640]);
});

test('its files can be read by their owner only, also those that were there before', async () => {
  const mode = async (name: string) => ((await stat(name)).mode & 0o777).toString(8);
  const store = await openLocalJournalStore(file, scope);
  await store.commit([], [{ put: 'a', value: 'x' }]);
  const names = [file, `${file}-wal`, `${file}-shm`];
  expect(await Promise.all(names.map(mode))).toEqual(['600', '600', '600']);
  const old = join(dirname(file), 'old.db');
  await writeFile(old, '', { mode: 0o644 });
  await openLocalJournalStore(old, scope);
  expect(await mode(old)).toBe('600');
});

test('a journal of the version before is taken over with all that it holds', async () => {
  file = join(dirname(dirname(file)), 'first.db');
  const database = new DatabaseSync(file);
  database.exec(`
    CREATE TABLE entries
      (key TEXT PRIMARY KEY, value TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL, lease TEXT);
    CREATE TABLE leases (id TEXT PRIMARY KEY, expires INTEGER NOT NULL);
    CREATE TABLE revision (number INTEGER NOT NULL);
    INSERT INTO revision VALUES (7);
    INSERT INTO entries VALUES ('a', 'x', 3, 7, NULL), ('b', 'y', 4, 4, 'gone');
    INSERT INTO leases VALUES ('gone', 1);
    PRAGMA user_version = 1`);
  database.close();
  const store = await openLocalJournalStore(file, scope);
  const { entries } = await store.list('');
  expect(entries).toEqual([{ key: 'a', value: 'x', created: 3, modified: 7 }]);
  expect((await store.commit([{ key: 'a', is: 'modified', at: 7 }], [{ put: 'a', value: 'z' }])).made).toBe(true);
});

test.each([
  ['a newer journal', 'unsupported', (database: DatabaseSync) => database.exec('PRAGMA user_version = 99')],
  ['a database of something else', 'protocol', (database: DatabaseSync) => database.exec('CREATE TABLE notes (a)')],
  [
    'a journal with other tables',
    'protocol',
    (database: DatabaseSync) => database.exec('CREATE TABLE entries (a); PRAGMA user_version = 1'),
  ],
])('%s is refused by name with what to do, and left as it is', async (_what, code, make) => {
  file = join(dirname(dirname(file)), 'given.db');
  const database = new DatabaseSync(file);
  make(database);
  database.close();
  const before = await readFile(file);
  const { code: got, message, hint } = await refusal();
  expect([got, message.includes(file), hint]).toEqual([code, true, expect.stringContaining('ove it away')]);
  // The first 100 bytes hold SQLite's own counters.
  expect((await readFile(file)).subarray(100).equals(before.subarray(100))).toBe(true);
});

test('what is no database, or may not be opened, is refused by name with what to do, and left as it is', async () => {
  const folder = dirname(dirname(file));
  file = join(folder, 'text.db');
  await writeFile(file, 'these are not the bytes of a database\n'.repeat(50));
  const text = await refusal();
  expect([text.code, text.message.includes(file), text.hint]).toEqual(['protocol', true, expect.any(String)]);
  expect((await readFile(file, 'utf8')).startsWith('these are not')).toBe(true);
  file = folder;
  const notAFile = await refusal();
  expect([notAFile.code, notAFile.message.includes(file), notAFile.hint]).toEqual([
    'permission',
    true,
    expect.any(String),
  ]);
});

test('a scope that ends while the journal is being opened leaves nothing that is made afterwards', async () => {
  const own = new Scope('local journal test: gone at once');
  const opening = openLocalJournalStore(file, own).then(
    () => 'opened',
    (error: unknown) => toProblem(error).code,
  );
  await own.end();
  await rm(dirname(file), { recursive: true, force: true });
  expect(await opening).toBe('cancelled');
  await expect(stat(file)).rejects.toThrow('ENOENT');
});
