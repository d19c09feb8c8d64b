import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectEtcd, type EtcdConnection } from '#core/etcd/connect-etcd.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { startDemoEtcd } from '#demo/etcd/start-demo-etcd.ts';
import { needsEtcd, quietLog, startEtcd, until } from '#kit/etcd.ts';
import { type Forward, startForward } from '#kit/tcp-forward.ts';
import { rawEtcd } from '#kit/etcd-raw.ts';
import { randomBelow, seededRandom } from '#kit/random.ts';
import { toProblem } from '#shared/contract/problem.ts';

let scope: Scope;
beforeEach(() => {
  scope = new Scope('etcd watch test');
});
afterEach(async () => {
  await scope.end();
  expect(openScopes()).toEqual([]);
});

const seed = Number(process.env['QD_SEED'] ?? 7);
const pause = (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

function connected(endpoints: readonly string[]): EtcdConnection {
  return connectEtcd({ endpoints, tls: null, user: null }, { password: async () => null, log: quietLog, scope });
}

/** A copy of the prefix made from what the watch tells, and all that it told. */
class Copy {
  readonly keys = new Map<string, string>();
  readonly log: string[] = [];
  readonly states: { state: string; at: number }[] = [];
  snapshots = 0;
  revision = 0;
  readonly stop: () => void;

  constructor(etcd: EtcdConnection, prefix: string, from: number | null = null) {
    this.stop = etcd.watchPrefix(prefix, from, {
      snapshot: (keys, revision) => {
        this.snapshots++;
        this.keys.clear();
        for (const { key, value } of keys) this.keys.set(String(key), String(value));
        this.revision = revision;
      },
      change: ({ revision, changes }) => {
        expect(revision).toBeGreaterThan(this.revision);
        this.revision = revision;
        for (const change of changes) {
          if (change.type === 'put') this.keys.set(String(change.kv.key), String(change.kv.value));
          else this.keys.delete(String(change.key));
          this.log.push(
            change.type === 'put' ? `${revision} ${change.kv.key}=${change.kv.value}` : `${revision} -${change.key}`,
          );
        }
      },
      state: (state) => this.states.push({ state, at: performance.now() }),
    });
  }

  get state(): string {
    return this.states.at(-1)?.state ?? 'none';
  }
}

/** Everything that really happened under a prefix, read back from the server by another client. */
async function trueHistory(url: string, prefix: string, from: number, to: number): Promise<string[]> {
  const stream = rawEtcd(scope, url).stream('Watch', 'Watch');
  const key = Buffer.from(prefix);
  stream.write({ create_request: { key: Buffer.from([0]), range_end: Buffer.from([0]), start_revision: from } });
  const events = () => stream.replies.flatMap((reply) => reply.events ?? []);
  await until('history', 10_000, () => Number(events().at(-1)?.kv.mod_revision) >= to);
  return events()
    .filter(({ kv }) => kv.key.subarray(0, key.length).equals(key) && Number(kv.mod_revision) <= to)
    .map(({ type, kv }) =>
      type === 'Put' ? `${kv.mod_revision} ${kv.key}=${kv.value}` : `${kv.mod_revision} -${kv.key}`,
    );
}

/** Random writes, some of many keys in one revision and some outside the prefix. */
async function write(etcd: EtcdConnection, random: () => number): Promise<void> {
  const key = () => `/w/${randomBelow(random, 12)}`;
  const value = () => String(randomBelow(random, 1000));
  const kind = randomBelow(random, 10);
  if (kind < 5) await etcd.put(key(), value());
  else if (kind < 6) await etcd.put('/elsewhere', value());
  else if (kind < 8) await etcd.delete(key());
  else {
    const keys = new Set([key(), key(), key()]);
    const puts = [...keys].map((put) => ({ put, value: value() }));
    await etcd.txn({ compare: [], success: [...puts, { delete: '/w/gone' }] });
  }
}

test.each(['the real etcd', 'the in-process etcd'])(
  'with random cuts a watch tells exactly the history, once each: %s',
  async (server) => {
    if (server === 'the real etcd') needsEtcd();
    const url =
      server === 'the real etcd'
        ? (await startEtcd(scope)).spec.endpoints[0]
        : (await startDemoEtcd({ scope })).endpoints[0];
    const forwards: Forward[] = [await startForward(scope, url ?? ''), await startForward(scope, url ?? '')];
    const writer = connected([url ?? '']);
    await writer.put('/w/0', 'before');
    const copy = new Copy(connected(forwards.map((forward) => forward.url)), '/w/');
    await until('live', 5000, () => copy.state === 'live');
    const first = copy.revision + 1;
    const random = seededRandom(seed);
    let cuts = 0;
    for (let at = 0; at < 1500; at++) {
      // A write that a loaded machine did not answer in time may have been made: the server's history decides.
      await write(writer, random).catch((error: unknown) => {
        if (toProblem(error).code !== 'lost') throw error;
      });
      if (randomBelow(random, 40) > 0) continue;
      cuts++;
      forwards.forEach((forward) => forward.cut());
      if (randomBelow(random, 2) === 0) forwards.forEach((forward) => forward.cutAfter(randomBelow(random, 4000)));
      if (randomBelow(random, 3) === 0) await pause(randomBelow(random, 60));
    }
    const { revision } = await writer.put('/w/end', 'end');
    await until('the end', 15_000, () => copy.keys.has('/w/end'));
    expect(copy.log).toEqual(await trueHistory(url ?? '', '/w/', first, revision));
    expect([copy.snapshots, cuts > 20]).toEqual([1, true]);
    const now = await writer.page({ prefix: '/w/' });
    expect(copy.keys).toEqual(new Map(now.keys.map(({ key, value }) => [String(key), String(value)])));
    expect(copy.states.filter(({ state }) => state === 'lost').length).toBeGreaterThan(5);
  },
  120_000,
);

test('a compaction while cut off is answered by one new list, and the watch goes on', async () => {
  needsEtcd();
  const { spec, etcdctl } = await startEtcd(scope);
  const forward = await startForward(scope, spec.endpoints[0] ?? '');
  const writer = connected(spec.endpoints);
  await writer.put('/w/a', '1');
  await writer.put('/w/b', '1');
  const copy = new Copy(connected([forward.url]), '/w/');
  await until('live', 5000, () => copy.state === 'live');
  await forward.close(true);
  await until('lost', 5000, () => copy.state === 'lost');
  await writer.put('/w/a', '2');
  await writer.delete('/w/b');
  const { revision } = await writer.put('/w/c', '3');
  await etcdctl('compact', String(revision));
  await forward.close(false);
  await until('listed again', 5000, () => copy.snapshots === 2);
  expect([...copy.keys]).toEqual([
    ['/w/a', '2'],
    ['/w/c', '3'],
  ]);
  await until('live', 5000, () => copy.state === 'live');
  await writer.put('/w/d', '4');
  await until('told', 3000, () => copy.keys.get('/w/d') === '4');
  expect([copy.snapshots, copy.log.length]).toEqual([2, 1]);
});

test('a watch resumed from a revision tells what came after it, in whole revisions even when fragmented', async () => {
  needsEtcd();
  const { spec } = await startEtcd(scope);
  const etcd = connected(spec.endpoints);
  const { revision } = await etcd.put('/w/a', '1');
  const value = 'x'.repeat(100_000);
  for (let round = 0; round < 8; round++) {
    const success = Array.from({ length: 14 }, (_, at) => ({ put: `/w/${at}`, value }));
    await etcd.txn({ compare: [], success });
  }
  const copy = new Copy(etcd, '/w/', revision + 1);
  await until('all', 8000, () => copy.revision === revision + 8);
  expect([copy.snapshots, copy.log.length]).toEqual([0, 8 * 14]);
});

test('leader death, a half-open connection and a full restart lose nothing', async () => {
  needsEtcd();
  const { spec, members, leader } = await startEtcd(scope, { members: 3 });
  const forwards = await Promise.all(spec.endpoints.map((endpoint) => startForward(scope, endpoint)));
  const watcher = connected(forwards.map((forward) => forward.url));
  const writer = connected(spec.endpoints);
  const copy = new Copy(watcher, '/w/');
  await until('live', 5000, () => copy.state === 'live');
  const wanted: string[] = [];
  const put = async (key: string) => {
    const name = `/w/${key}`;
    wanted.push(name);
    // A write that met a dying leader says so, and whether it was made: only then is it sent again.
    for (let tries = 0; ; tries++) {
      try {
        await writer.txn({
          compare: [{ on: name, target: 'create', is: '=', to: 0 }],
          success: [{ put: name, value: '1' }],
        });
        return;
      } catch (error) {
        if (tries === 5) throw error;
      }
    }
  };

  await put('before');
  const first = await leader();
  const killedAt = performance.now();
  await first.stop('SIGKILL');
  await put('leader killed');
  const wroteMs = performance.now() - killedAt;
  await until('told', 8000, () => copy.keys.has('/w/leader killed'));
  await first.start();

  // The watch must find out by itself that the silent way is dead: the others go on without it.
  forwards.forEach((forward) => forward.silent(true));
  const silentAt = performance.now();
  await until('half-open noticed', 15_000, () => copy.state === 'lost');
  const noticedMs = performance.now() - silentAt;
  await put('silent');
  forwards.forEach((forward) => forward.silent(false));
  await until('told after silence', 8000, () => copy.keys.has('/w/silent'));

  // SIGSTOP of one member: its sockets stay open and say nothing.
  const hung = await leader();
  process.kill(hung.pid() ?? 0, 'SIGSTOP');
  await put('leader hung');
  await until('told while hung', 12_000, () => copy.keys.has('/w/leader hung'));
  process.kill(hung.pid() ?? 0, 'SIGCONT');

  await Promise.all(members.map((member) => member.stop('SIGKILL')));
  await until('all gone', 8000, () => copy.state === 'lost');
  await Promise.all(members.map((member) => member.start()));
  const restartedAt = performance.now();
  await put('after restart');
  await until('told after restart', 8000, () => copy.keys.has('/w/after restart'));
  const backMs = performance.now() - restartedAt;

  expect([...copy.keys.keys()]).toEqual(wanted);
  expect([copy.snapshots, copy.log.length]).toEqual([1, wanted.length]);
  process.stdout.write(
    `etcd watch: half-open noticed in ${Math.round(noticedMs)} ms, write after leader death ${Math.round(wroteMs)} ms, ` +
      `live after full restart ${Math.round(backMs)} ms\n`,
  );
  // Seen: under 5 s; the margin is for a loaded machine.
  expect(noticedMs).toBeLessThan(8000);
});
