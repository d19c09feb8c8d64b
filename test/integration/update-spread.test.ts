import { expect, test } from 'vitest';
import type { JournalStore } from '#core/changes/journal-store.ts';
import { AutomaticRuns, runPrefix } from '#core/updates/automatic-runs.ts';
import type { AutomaticRun } from '#core/updates/automatic.ts';
import { SpreadKeeper } from '#core/updates/spread-keeper.ts';
import type { Scope } from '#core/lib/scope.ts';
import { quietLog, until } from '#kit/etcd.ts';
import { keysOf, onBothStores, put } from '#kit/journal-stores.ts';
import { makeUpdate } from '#kit/update-hosts.ts';
import { surroundingsOf } from '#kit/world-of-files.ts';
import type { FirstSeen } from '#shared/contract/update-policy.ts';
import { dayOf, samplesOf } from '#shared/lib/update/spread.ts';

const dayMs = 86_400_000;
const now = Date.parse('2026-11-29T12:00:00Z');

interface Counting {
  readonly scope: Scope;
  readonly store: JournalStore;
  /** What each host runs. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly at?: number;
  readonly mode?: 'operate' | 'observe';
}

/** A console that counts these hosts, and what it tells of versions. */
async function count({ scope, store, hosts, at = now, mode = 'operate' }: Counting) {
  const around = await surroundingsOf(new Map(Object.keys(hosts).map((host) => [host, new Map()])));
  for (const [host, running] of Object.entries(hosts))
    around.records.publish('host', host, 'update', makeUpdate({ running }));
  let seen: readonly FirstSeen[] | null = null;
  const keeper = new SpreadKeeper({
    around: { ...around, mode: () => mode, now: () => at },
    scope,
    log: quietLog,
    groupOf: (host) => (host.startsWith('web') ? 'web' : null),
    seen: (told) => (seen = told),
  });
  keeper.use(store);
  await until('versions are told', 20_000, () => seen !== null);
  return { keeper, seen: () => seen ?? [] };
}

onBothStores('which versions ran', (bench) => {
  test('are counted by group and channel, a key a day; two consoles that agree write once', async () => {
    const { scope } = bench();
    const open = async () => await bench().open();
    const store = await open();
    const hosts = { web1: '4593.2.1', web2: '4593.2.1', db1: '4593.2.0' };
    const { keeper } = await count({ scope, store, hosts });
    const key = `update-spread/${dayOf(now)}`;
    await until('the day is written', 20_000, () => store.get(key));
    const [sample, ...more] = samplesOf(await keeper.read(1));
    expect(more).toEqual([]);
    const of = { agent: 'update-engine', channel: 'stable' };
    expect(sample?.counts.toSorted((a, b) => b.hosts - a.hosts)).toEqual([
      { group: 'web', ...of, version: '4593.2.1', hosts: 2 },
      { group: '', ...of, version: '4593.2.0', hosts: 1 },
    ]);
    const first = await store.get(key);
    await count({ scope, store: await open(), hosts, at: now + 600_000 });
    expect(await store.get(key)).toEqual(first);
    await count({ scope, store: await open(), hosts: { ...hosts, web2: '4628.2.0' }, at: now + 1_200_000 });
    await until('a second sample', 20_000, async () => samplesOf(await keeper.read(1)).length === 2);
  });

  test('keep when each version was first seen, and let go of days beyond ninety', async () => {
    const { scope } = bench();
    const open = async () => await bench().open();
    const store = await open();
    const old = `update-spread/${dayOf(now - 90 * dayMs)}`;
    const kept = `update-spread/${dayOf(now - 89 * dayMs)}`;
    for (const key of [old, kept]) await put(store, key, JSON.stringify({ v: 1, keys: [], rows: [] }));
    const first = await count({ scope, store, hosts: { web1: '4593.2.1' }, at: now - dayMs });
    expect(first.seen()).toEqual([{ agent: 'update-engine', channel: 'stable', version: '4628.2.0', at: now - dayMs }]);
    const later = await count({ scope, store: await open(), hosts: { web1: '4593.2.1' } });
    expect(later.seen()[0]?.at).toBe(now - dayMs);
    await until('the old day goes', 20_000, async () => (await store.get(old)) === null);
    expect(await store.get(kept)).not.toBe(null);
  });

  test('are written by nobody who only observes', async () => {
    const { scope } = bench();
    const open = async () => await bench().open();
    const store = await open();
    const { seen } = await count({ scope, store, hosts: { web1: '4593.2.1' }, mode: 'observe' });
    expect(seen()).toHaveLength(1);
    expect(await keysOf(store)).toEqual([]);
  });
});

onBothStores('automatic roll-outs', (bench) => {
  test('of consoles that claim the same version at once: exactly one has it, also over a stale claim', async () => {
    const { scope } = bench();
    const open = async () => await bench().open();
    const consoles = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        const store = await open();
        const runs = new AutomaticRuns(quietLog);
        scope.add(
          store.watch(
            runPrefix,
            (news) => runs.take(news),
            () => {},
          ),
        );
        return { name, store, runs };
      }),
    );
    const run = (name: string, to: string, at: number): AutomaticRun => ({
      agent: 'update-engine',
      to,
      change: '20261129-aaaaaa',
      by: name,
      console: name,
      at,
      started: false,
    });
    for (let round = 0; round < 20; round++) {
      const to = `4628.${round}.0/x`;
      const race = async (over: AutomaticRun | null, at: number) => {
        const won = await Promise.all(
          consoles.map(({ name, store, runs }) => runs.claim(store, 'web', run(name, to, at), over)),
        );
        expect(won.filter(Boolean)).toHaveLength(1);
        const heard = ({ runs }: { runs: AutomaticRuns }) => runs.of('web').find((one) => one.to === to);
        await until('all heard of it', 20_000, () => consoles.every((one) => heard(one)?.at === at));
        return heard(consoles[0] ?? { runs: new AutomaticRuns(quietLog) }) ?? null;
      };
      const first = await race(null, 1);
      await race(first, 2);
    }
  });
});
