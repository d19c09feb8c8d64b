import { expect, test } from 'vitest';
import type { JournalStore } from '#core/changes/journal-store.ts';
import { Scope } from '#core/lib/scope.ts';
import { until } from '#kit/etcd.ts';
import { codeOf, JournalCopy, keysOf, logLine, onBothStores, put } from '#kit/journal-stores.ts';
import type { Problem } from '#shared/contract/problem.ts';

const pause = (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

onBothStores('leases', (bench) => {
  const ttl = 2;
  const bound = async (store: JournalStore, lost: Problem[], keys = ['own/a', 'own/b']) => {
    const lease = await store.lease(ttl, (problem) => lost.push(problem));
    await store.commit(
      [],
      keys.map((key) => ({ put: key, value: 'x', lease: lease.id })),
    );
    return lease;
  };

  test('hold their keys while they are renewed, and let them go in one revision when given back', async () => {
    const [store, other] = [await bench().open(), await bench().open()];
    const lost: Problem[] = [];
    const lease = await bound(store, lost);
    const copy = new JournalCopy(other, 'own/');
    const { revision } = await put(store, 'own/b', 'kept');
    await pause(ttl * 1000 + 1200);
    expect(await keysOf(other)).toEqual(['own/a', 'own/b']);
    expect([lease.ttlSeconds, lease.aliveUntil > performance.now()]).toEqual([ttl, true]);
    await put(store, 'own/c', 'x');
    await store.commit([], [{ put: 'own/c', value: 'y', lease: lease.id }]);
    await lease.release();
    await lease.release();
    expect(await keysOf(other)).toEqual(['own/b']);
    await until('the watcher', 3000, () => copy.log.at(-1) === `${revision + 3} | -own/a | -own/c`);
    expect(lost).toEqual([]);
    expect(await codeOf(store.commit([], [{ put: 'x', value: '', lease: lease.id }]))).toBe('not-found');
  });

  test('run out when their holder goes without a word', async () => {
    const console = new Scope('journal test: a console that goes');
    const [store, other] = [await bench().open(console), await bench().open()];
    const lost: Problem[] = [];
    await bound(store, lost);
    const copy = new JournalCopy(other, 'own/');
    await until('the reset', 3000, () => copy.entries.size === 2);
    await console.end();
    expect((await put(other, 'own/a', 'y', [{ key: 'own/a', is: 'absent' }])).made).toBe(false);
    await until('gone', ttl * 1000 + 3000, () => copy.entries.size === 0);
    expect(copy.log).toEqual([logLine(copy.revision, [], ['own/a', 'own/b'])]);
    expect((await put(other, 'own/a', 'y', [{ key: 'own/a', is: 'absent' }])).made).toBe(true);
    expect(lost).toEqual([]);
  });

  test('tell their holder, once, when they were taken away', async () => {
    const store = await bench().open();
    const lost: Problem[] = [];
    const lease = await bound(store, lost);
    await bench().revoke(lease.id);
    expect((await until('loss', 3000, () => lost[0])).code).toBe('lost');
    await pause(1500);
    expect(lost.length).toBe(1);
  });

  test('are lost to a holder who is cut off before anybody else gets what was bound to them', async () => {
    const { store, cut } = await bench().openCuttable();
    const other = await bench().open();
    const lost: number[] = [];
    const lease = await store.lease(ttl, () => lost.push(performance.now()));
    await store.commit([{ key: 'own', is: 'absent' }], [{ put: 'own', value: 'first', lease: lease.id }]);
    await cut();
    const won = until('the other one', 10_000, async () => {
      const { made } = await put(other, 'own', 'second', [{ key: 'own', is: 'absent' }]);
      return made ? performance.now() : null;
    });
    const wonAt = await won;
    expect(lost.length).toBe(1);
    expect(lost[0]).toBeLessThan(wonAt - 50);
    expect(lease.aliveUntil).toBeLessThan(wonAt - 50);
  });
});
