import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LogAnchor } from '#core/changes/log-anchor.ts';
import type { JournalStore } from '#core/changes/journal-store.ts';
import { type ActivityDraft, ActivityLog } from '#core/storage/activity-log.ts';
import { quietLog } from '#kit/etcd.ts';
import { onBothStores, temporaryFolder } from '#kit/journal-stores.ts';

const draft = (what: string): ActivityDraft => ({
  at: 1,
  actor: 'ada@desk',
  cluster: 'c',
  host: 'node1',
  kind: 'change',
  what,
  command: '',
  exitCode: null,
  durationMs: null,
  outcome: 'ok',
  detail: '',
});

async function keptIn(store: JournalStore, file: string, mayWrite = true): Promise<ActivityLog> {
  const activity = await ActivityLog.open(file);
  const anchor = new LogAnchor({ activity, by: 'ada@desk', now: () => 1, log: quietLog, mayWrite: () => mayWrite });
  anchor.use(store);
  await anchor.keep();
  return activity;
}

/** The log with only its first lines, and the file beside it as if it had never been longer. */
async function cutOff(file: string, lines: number): Promise<void> {
  const kept = (await readFile(file, 'utf8')).split('\n').slice(0, lines);
  await writeFile(file, `${kept.join('\n')}\n`);
  const { seq, hash } = JSON.parse(kept.at(-1) ?? '') as { seq: number; hash: string };
  await writeFile(`${file}.head`, JSON.stringify({ v: 1, seq, hash }));
}

onBothStores('the end of the activity log', (bench) => {
  it('is kept in etcd, where who cuts the log here cannot alter it', async () => {
    const store = await bench().open();
    const file = join(await temporaryFolder(bench().scope), 'activity.jsonl');
    const first = await ActivityLog.open(file);
    for (const what of ['one', 'two', 'three']) await first.add(draft(what));
    await first.settled();
    const { entries } = await (async () => {
      await keptIn(store, file);
      return store.list('logs/');
    })();
    // A console's own disk is no better a place than the log's own.
    expect(entries).toHaveLength(store.kind === 'local' ? 0 : 1);
    if (store.kind === 'local') return;
    expect(entries.map(({ value }) => JSON.parse(value) as unknown)).toMatchObject([{ v: 1, by: 'ada@desk', seq: 3 }]);
    expect((await keptIn(store, file)).list('', null, 9).chain.ok).toBe(true);
    await cutOff(file, 2);
    expect((await ActivityLog.open(file)).list('', null, 9).chain.ok).toBe(true);
    const cut = await keptIn(store, file);
    expect(cut.list('', null, 9).chain).toEqual({ ok: false, brokenAt: 3 });
    await cut.add(draft('another three'));
    await cut.settled();
    // What tells of it is not written over.
    const again = await keptIn(store, file);
    expect(again.list('', null, 9).chain).toEqual({ ok: false, brokenAt: 3 });
    expect(JSON.parse((await store.list('logs/')).entries[0]?.value ?? '')).toMatchObject({ seq: 3 });
  });

  it('is not written where nothing may be written', async () => {
    const store = await bench().open();
    const file = join(await temporaryFolder(bench().scope), 'activity.jsonl');
    const log = await ActivityLog.open(file);
    await log.add(draft('one'));
    await keptIn(store, file, false);
    expect((await store.list('logs/')).entries).toEqual([]);
  });
});
