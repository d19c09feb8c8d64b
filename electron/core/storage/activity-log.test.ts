import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ActivityLog, type ActivityDraft } from './activity-log.ts';

let dir = '';
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'qd-activity-'))));
afterEach(() => rm(dir, { recursive: true }));

function draft(what: string): ActivityDraft {
  return {
    at: 1,
    actor: 'a@b',
    cluster: 'c',
    host: 'h',
    kind: 'unit',
    what,
    command: 'x',
    exitCode: 0,
    durationMs: 1,
    outcome: 'ok',
    detail: '',
  };
}

test('entries survive a restart and the chain holds', async () => {
  const file = join(dir, 'log.jsonl');
  const first = await ActivityLog.open(file);
  await Promise.all([first.add(draft('one')), first.add(draft('two'))]);
  const again = await ActivityLog.open(file);
  await again.add(draft('three'));
  const { entries, total, chain } = (await ActivityLog.open(file)).list('', null, 10);
  expect(entries.map(({ what }) => what)).toEqual(['three', 'two', 'one']);
  expect(total).toBe(3);
  expect(chain).toEqual({ ok: true, brokenAt: null });
});

test('a changed, removed or inserted line breaks the chain where it happened', async () => {
  const file = join(dir, 'log.jsonl');
  const log = await ActivityLog.open(file);
  for (const what of ['one', 'two', 'three']) await log.add(draft(what));
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('"two"', '"TWO"'));
  expect((await ActivityLog.open(file)).list('', null, 10).chain).toEqual({ ok: false, brokenAt: 2 });
  await writeFile(
    file,
    text
      .split('\n')
      .filter((line) => !line.includes('"two"'))
      .join('\n'),
  );
  expect((await ActivityLog.open(file)).list('', null, 10).chain).toEqual({ ok: false, brokenAt: 2 });
});

test('a log whose last lines were cut off is found out, and stays so whatever is added', async () => {
  const file = join(dir, 'log.jsonl');
  const log = await ActivityLog.open(file);
  await Promise.all(['one', 'two', 'three'].map((what) => log.add(draft(what))));
  await log.settled();
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, `${lines.slice(0, 2).join('\n')}\n`);
  const cut = await ActivityLog.open(file);
  expect(cut.list('', null, 10).chain).toEqual({ ok: false, brokenAt: 3 });
  await cut.add(draft('four'));
  await cut.settled();
  const later = (await ActivityLog.open(file)).list('', null, 10);
  expect(later.entries.map(({ seq, what }) => [seq, what])).toEqual([
    [4, 'four'],
    [2, 'two'],
    [1, 'one'],
  ]);
  expect(later.chain).toEqual({ ok: false, brokenAt: 3 });
  await writeFile(file, '');
  expect((await ActivityLog.open(file)).list('', null, 10).chain).toEqual({ ok: false, brokenAt: 1 });
});

test('a log that was written anew from its beginning does not end as the other did', async () => {
  const file = join(dir, 'log.jsonl');
  const log = await ActivityLog.open(file);
  for (const what of ['one', 'two']) await log.add(draft(what));
  await log.settled();
  const forged = await ActivityLog.open(join(dir, 'forged.jsonl'));
  for (const what of ['ONE', 'two']) await forged.add(draft(what));
  await writeFile(file, await readFile(join(dir, 'forged.jsonl')));
  expect((await ActivityLog.open(file)).list('', null, 10).chain).toEqual({ ok: false, brokenAt: 2 });
});

test('lines that were written after the end was last kept are no break: a crash came in between', async () => {
  const file = join(dir, 'log.jsonl');
  const log = await ActivityLog.open(file);
  await log.add(draft('one'));
  await log.settled();
  const head = await readFile(`${file}.head`, 'utf8');
  await log.add(draft('two'));
  await log.settled();
  await writeFile(`${file}.head`, head);
  expect((await ActivityLog.open(file)).list('', null, 10).chain.ok).toBe(true);
});

test('a line cut short by a crash does not swallow the next one', async () => {
  const file = join(dir, 'log.jsonl');
  const log = await ActivityLog.open(file);
  await log.add(draft('one'));
  await appendFile(file, '{"seq":2,"at"');
  const after = await ActivityLog.open(file);
  await after.add(draft('two'));
  const { entries, chain } = (await ActivityLog.open(file)).list('', null, 10);
  expect(entries.map(({ what }) => what)).toEqual(['two', 'one']);
  expect(chain.ok).toBe(false);
});

test('a cluster leaves its own entries, an entry is found by its hash, and each one added is told', async () => {
  const log = await ActivityLog.open(join(dir, 'log.jsonl'));
  const told: number[] = [];
  log.onAdded(() => told.push(log.last));
  for (let i = 1; i <= 4; i++) await log.add({ ...draft(`number ${i}`), cluster: i % 2 ? 'odd' : 'even' });
  expect(told).toEqual([1, 2, 3, 4]);
  const { entries, total } = log.list('number', 4, 1, 'odd');
  expect([entries.map(({ seq }) => seq), total]).toEqual([[3], 2]);
  expect(log.list('', null, 10, 'none').total).toBe(0);
  expect(log.read(entries[0]?.hash.slice(0, 16) ?? '')).toEqual(entries[0]);
  expect(log.read('0'.repeat(16))).toBeNull();
});

test('paging goes back from a sequence number and filters by text', async () => {
  const log = await ActivityLog.open(join(dir, 'log.jsonl'));
  for (let i = 1; i <= 5; i++) await log.add(draft(i % 2 ? 'odd' : 'even'));
  expect(log.list('', 4, 2).entries.map(({ seq }) => seq)).toEqual([3, 2]);
  expect(log.list('EVEN', null, 10).entries.map(({ seq }) => seq)).toEqual([4, 2]);
});
