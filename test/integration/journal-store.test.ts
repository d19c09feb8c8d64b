import { expect, test } from 'vitest';
import type { StoreGuard, StoreStep } from '#core/changes/journal-store.ts';
import { Scope } from '#core/lib/scope.ts';
import { until } from '#kit/etcd.ts';
import { codeOf, keysOf, onBothStores, put } from '#kit/journal-stores.ts';

onBothStores('keys', (bench) => {
  test('are given as they were committed, with the revisions of their first and last commit', async () => {
    const store = await bench().open();
    expect(await store.get('a')).toBeNull();
    expect((await store.list('')).entries).toEqual([]);
    const first = await store.commit(
      [],
      [
        { put: 'a', value: 'one' },
        { put: 'b/ö', value: 'zwölf 🛥\0\n' },
      ],
    );
    const second = await put(store, 'a', 'two');
    expect([first.made, second]).toEqual([true, { made: true, revision: first.revision + 1 }]);
    expect(await store.get('a')).toEqual({
      key: 'a',
      value: 'two',
      created: first.revision,
      modified: second.revision,
    });
    const { revision, entries } = await (await bench().open()).list('b/');
    const at = { created: first.revision, modified: first.revision };
    expect([revision, entries]).toEqual([second.revision, [{ key: 'b/ö', value: 'zwölf 🛥\0\n', ...at }]]);
    expect(await store.commit([], [{ delete: 'none' }])).toEqual({ made: true, revision });
    expect(await store.commit([{ key: 'a', is: 'modified', at: second.revision }], [])).toEqual({
      made: true,
      revision,
    });
  });

  test('stand in the order of their bytes, under exactly their prefix', async () => {
    const store = await bench().open();
    const keys = ['p', 'p/', 'p/A', 'p/a', 'p/a/b', 'p/z', 'p/é', 'p/\uffff', 'p/😀', 'p/😁', 'p0', 'P/a', 'p%', 'q/'];
    for (const key of keys.toReversed()) await put(store, key, key);
    const inOrder = (names: string[]) => names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await keysOf(store)).toEqual(inOrder(keys));
    expect(await keysOf(store, 'p/')).toEqual(inOrder(keys.filter((key) => key.startsWith('p/'))));
    expect(await keysOf(store, 'p/😀')).toEqual(['p/😀']);
    await store.commit([], [{ deletePrefix: 'p/a' }]);
    await store.commit([], [{ deletePrefix: 'p/😀' }]);
    const left = keys.filter((key) => !key.startsWith('p/a') && key !== 'p/😀');
    expect(await keysOf(store)).toEqual(inOrder(left));
    await store.commit([], [{ deletePrefix: 'p/' }, { delete: 'p' }]);
    expect(await keysOf(store)).toEqual(['P/a', 'p%', 'p0', 'q/']);
  });

  test('are listed as they stood at one revision, however many', async () => {
    const [store, other] = [await bench().open(), await bench().open()];
    const names = Array.from({ length: 1200 }, (_, at) => `m/${String(at).padStart(4, '0')}`);
    while (names.length > 0)
      await store.commit(
        [],
        names.splice(0, 100).map((name) => ({ put: name, value: name })),
      );
    const state = { stop: false };
    const writing = (async () => {
      for (let at = 0; !state.stop; at++)
        await other.commit(
          [],
          ['l', 'm/0000', 'm/1199', 'n'].map((key) => ({ put: key, value: String(at) })),
        );
    })();
    await until('a first write', 5000, () => other.get('n'));
    const seen = new Set<string>();
    for (let at = 0; at < 20; at++) {
      const { entries, revision } = await store.list('');
      expect(entries.length).toBe(1202);
      const moving = entries.filter(({ modified }) => modified === revision);
      expect(moving.map(({ key }) => key)).toEqual(['l', 'm/0000', 'm/1199', 'n']);
      expect(new Set(moving.map(({ value }) => value)).size).toBe(1);
      seen.add(moving[0]?.value ?? '');
    }
    state.stop = true;
    await writing;
    expect(seen.size).toBeGreaterThan(5);
  });

  test('are all there after everything was closed and opened again', async () => {
    const first = new Scope('journal test: first console');
    const store = await bench().open(first);
    for (let at = 0; at < 30; at++) await put(store, `k/${at}`, String(at));
    await store.commit([], [{ delete: 'k/3' }]);
    const before = await store.list('');
    await first.end();
    expect(await codeOf(store.get('k/1'))).not.toBe('made');
    const again = await bench().open();
    expect(await again.list('')).toEqual(before);
    expect((await put(again, 'k/3', 'again')).revision).toBe(before.revision + 1);
  });
});

onBothStores('commits', (bench) => {
  test('are made when all their guards hold, of each kind, and else change nothing', async () => {
    const store = await bench().open();
    const { revision: created } = await put(store, 'a', '1', [{ key: 'a', is: 'absent' }]);
    const { revision: modified } = await put(store, 'a', '2', [{ key: 'a', is: 'created', at: created }]);
    const right: StoreGuard[] = [
      { key: 'a', is: 'created', at: created },
      { key: 'a', is: 'modified', at: modified },
      { key: 'b', is: 'absent' },
    ];
    const wrong: StoreGuard[] = [
      { key: 'a', is: 'absent' },
      { key: 'a', is: 'created', at: modified },
      { key: 'a', is: 'modified', at: created },
      { key: 'b', is: 'created', at: created },
      { key: 'b', is: 'modified', at: modified },
    ];
    const before = await store.list('');
    const steps: StoreStep[] = [{ put: 'b', value: 'x' }, { put: 'c', value: 'y' }, { delete: 'a' }];
    for (const one of wrong) {
      for (const guards of [[one], [...right, one], [one, ...right]])
        expect(await store.commit(guards, steps)).toEqual({ made: false, revision: modified });
    }
    expect(await store.list('')).toEqual(before);
    expect(await store.commit(right, steps)).toEqual({ made: true, revision: modified + 1 });
    expect(await keysOf(store)).toEqual(['b', 'c']);
  });

  test('tell a key that was deleted and made again from the one it was', async () => {
    const store = await bench().open();
    const { revision: first } = await put(store, 'a', '1');
    await store.commit([], [{ delete: 'a' }]);
    const { revision: second } = await put(store, 'a', '1');
    expect((await store.get('a'))?.created).toBe(second);
    expect((await put(store, 'a', '2', [{ key: 'a', is: 'created', at: first }])).made).toBe(false);
    expect((await put(store, 'a', '2', [{ key: 'a', is: 'created', at: second }])).made).toBe(true);
  });

  test('that put a key twice, put what they delete, or are too large are refused, and nothing of them is made', async () => {
    const store = await bench().open();
    const { revision } = await put(store, 'a', '1');
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ put: `many/${at}`, value: 'x' }));
    const large = (bytes: number) => [{ put: 'l', value: 'ö'.repeat(bytes / 2) }];
    const refused: StoreStep[][] = [
      [
        { put: 'b', value: '1' },
        { put: 'a', value: '2' },
        { put: 'b', value: '3' },
      ],
      [{ delete: 'a' }, { put: 'a', value: '2' }],
      [{ put: 'a/b', value: '2' }, { deletePrefix: 'a' }],
      many(101),
      large(1024 * 1024),
    ];
    for (const steps of refused) expect(await codeOf(store.commit([], steps))).toBe('invalid-input');
    expect(await codeOf(store.commit([], [{ put: 'b', value: '1', lease: '12345' }]))).toBe('not-found');
    expect(await store.list('')).toMatchObject({ revision, entries: [{ key: 'a', value: '1' }] });
    expect((await store.commit([], many(100))).made).toBe(true);
    expect((await store.commit([], large(1024 * 1024 - 2))).made).toBe(true);
    expect((await store.get('l'))?.value.length).toBe((1024 * 1024 - 2) / 2);
  });

  test('of two who each make a key when it is absent, exactly one is made, fifty times', async () => {
    const stores = [await bench().open(), await bench().open()];
    for (let round = 0; round < 50; round++) {
      const key = `lock/${round}`;
      const tries = stores.map((store, at) => put(store, key, String(at), [{ key, is: 'absent' }]));
      const made = (await Promise.all(tries)).map((answer) => answer.made);
      expect(made.filter(Boolean)).toEqual([true]);
      for (const store of stores) expect((await store.get(key))?.value).toBe(String(made.indexOf(true)));
    }
  });
});
