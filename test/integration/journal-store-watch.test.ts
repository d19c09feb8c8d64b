import { expect, test } from 'vitest';
import { etcdJournalStore } from '#core/changes/etcd-journal-store.ts';
import type { StoreGuard, StoreStep } from '#core/changes/journal-store.ts';
import { connectEtcd } from '#core/etcd/connect-etcd.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { needsEtcd, quietLog, startEtcd, until } from '#kit/etcd.ts';
import { codeOf, JournalCopy, keysOf, logLine, onBothStores, put } from '#kit/journal-stores.ts';
import { randomBelow, seededRandom } from '#kit/random.ts';
import { fail } from '#shared/contract/problem.ts';

const seed = Number(process.env['QD_SEED'] ?? 7);
const pause = (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

onBothStores('watches', (bench) => {
  test(`tell what is there, then each change once and in order (QD_SEED=${seed})`, async () => {
    const [store, other] = [await bench().open(), await bench().open()];
    await store.commit(
      [],
      [
        { put: 'w/0', value: 'before' },
        { put: 'elsewhere', value: 'x' },
      ],
    );
    const copies = [new JournalCopy(store, 'w/'), new JournalCopy(other, 'w/')];
    await until('resets', 5000, () => copies.every(({ resets }) => resets === 1));
    for (const copy of copies) expect([...copy.entries]).toEqual([['w/0', 'before']]);

    const start = await store.list('');
    const model = new Map(start.entries.map(({ key, created }) => [key, created]));
    let revision = start.revision;
    const expected: string[] = [];
    const random = seededRandom(seed);
    const key = () => `${randomBelow(random, 5) === 0 ? 'v' : 'w'}/${randomBelow(random, 12)}`;
    for (let at = 0; at < 200; at++) {
      const steps: StoreStep[] = [];
      const names = new Set(Array.from({ length: 1 + randomBelow(random, 4) }, key));
      if (randomBelow(random, 12) === 0) steps.push({ deletePrefix: 'w/1' });
      else
        for (const name of names)
          steps.push(randomBelow(random, 3) === 0 ? { delete: name } : { put: name, value: `${at}.${name}` });
      const refused = randomBelow(random, 10) === 0;
      const by = randomBelow(random, 4) === 0 ? other : store;
      const guards: StoreGuard[] = refused ? [{ key: 'elsewhere', is: 'absent' }] : [];
      const done = await by.commit(guards, steps);
      expect(done.made).toBe(!refused);
      if (refused) continue;
      const gone = [...model.keys()].filter((name) =>
        steps.some((step) =>
          'delete' in step ? step.delete === name : 'deletePrefix' in step && name.startsWith(step.deletePrefix),
        ),
      );
      const puts = steps.flatMap((step) => ('put' in step ? [step] : []));
      if (gone.length + puts.length > 0) revision++;
      expect(done.revision).toBe(revision);
      for (const name of gone) model.delete(name);
      for (const { put: name } of puts) model.set(name, model.get(name) ?? revision);
      const told = puts.map(({ put: name, value }) => `${name}=${value} ${model.get(name)} ${revision}`);
      const inside = (text: string) => text.startsWith('w/');
      if ([...told, ...gone].some(inside)) expected.push(logLine(revision, told.filter(inside), gone.filter(inside)));
    }
    await put(store, 'w/end', 'end');
    await until('the end', 5000, () => copies.every(({ entries }) => entries.has('w/end')));
    const { entries } = await store.list('w/');
    for (const copy of copies) {
      expect(copy.log.slice(0, -1)).toEqual(expected);
      expect(copy.entries).toEqual(new Map(entries.map(({ key: name, value }) => [name, value])));
      expect(copy.resets).toBe(1);
    }
    copies.forEach((copy) => copy.stop());
    await put(store, 'w/late', 'x');
    await pause(400);
    for (const copy of copies) expect(copy.entries.has('w/late')).toBe(false);
  });

  test('say so when their news could not be taken, and tell it again', async () => {
    const store = await bench().open();
    const told: string[] = [];
    const troubles: (string | null)[] = [];
    let broken = true;
    store.watch(
      'w/',
      ({ reset, changed }) => {
        if (!reset && broken) {
          broken = false;
          throw new Error('no room');
        }
        told.push(...changed.map(({ value }) => value));
      },
      (problem) => troubles.push(problem?.message ?? null),
    );
    await put(store, 'w/a', '0');
    await until('the reset', 5000, () => told.length > 0);
    for (let at = 1; at < 4; at++) await put(store, 'w/a', String(at));
    await until('all of it', 5000, () => told.at(-1) === '3');
    expect(told).toEqual(['0', '1', '2', '3']);
    await until('no more trouble', 5000, () => troubles.at(-1) === null);
    expect(troubles.filter((words) => words !== null).join()).toContain('no room');
  });
});

test('in etcd all lies below the root, foreign bytes are text, and a list outlasts a compaction', async () => {
  needsEtcd();
  const scope = new Scope('journal in etcd');
  const { spec, etcdctl } = await startEtcd(scope);
  const etcd = connectEtcd(spec, { password: async () => null, log: quietLog, scope });
  const store = etcdJournalStore(etcd, '/root/v1/');
  await etcd.put('/root/v0/a', 'not ours');
  await etcd.put('/root/v10', 'not ours');
  await put(store, 'b', 'ours');
  expect(await etcdctl('get', '--prefix', '/root/v1/')).toBe('/root/v1/b\nours\n');
  const copy = new JournalCopy(store, '');
  await until('the reset', 5000, () => copy.resets === 1);
  await etcd.put('/root/v1/c', Buffer.from([0x61, 0xff, 0xc3]));
  expect(await store.get('c')).toMatchObject({ key: 'c', value: 'a\ufffd\ufffd' });
  await until('the watcher', 5000, () => copy.entries.get('c') === 'a\ufffd\ufffd');
  const { revision } = await store.commit([], [{ deletePrefix: '' }, { delete: 'none' }]);
  await until('the watcher', 5000, () => copy.revision === revision);
  expect([copy.entries.size, await keysOf(store)]).toEqual([0, []]);
  expect((await etcd.page({ prefix: '/root/' })).count).toBe(2);

  for (let at = 0; at < 20; at++) await put(store, `p/${at}`, 'x');
  let lists = 0;
  // Two keys a page; the first list is overtaken by a real compaction between its pages.
  const paged = etcdJournalStore(
    {
      ...etcd,
      async *pages(range) {
        lists++;
        for await (const page of etcd.pages(range, { limit: 2 })) {
          yield page;
          if (lists > 1) continue;
          const later = await put(store, 'q', 'x');
          await etcdctl('compaction', '--physical', String(later.revision));
        }
      },
    },
    '/root/v1/',
  );
  expect([(await keysOf(paged)).length, lists]).toEqual([21, 2]);
  const never = etcdJournalStore(
    {
      ...etcd,
      // oxlint-disable-next-line require-yield -- it fails before its first page
      async *pages() {
        throw fail('stale', 'compacted');
      },
    },
    '/root/v1/',
  );
  expect(await codeOf(never.list(''))).toBe('stale');
  await scope.end();
  expect(openScopes()).toEqual([]);
});
