import { expect, test } from 'vitest';
import { Scope } from '#core/lib/scope.ts';
import { startDemoEtcd } from '#demo/etcd/start-demo-etcd.ts';
import { needsEtcd, startEtcd, until } from '#kit/etcd.ts';
import { type RawEtcd, rawEtcd, type Reply } from '#kit/etcd-raw.ts';
import { randomBelow, seededRandom } from '#kit/random.ts';

const seeds = (process.env['QD_SEED'] ?? '1,20261122').split(',').map(Number);
const operations = Number(process.env['QD_OPERATIONS'] ?? 600);

interface Operation {
  readonly service: 'KV' | 'Lease';
  readonly method: string;
  readonly request: object;
}

const leases = ['11', '12', '5000000000000000001'];

/** Choices that a seed repeats. */
function choices(seed: number) {
  const random = seededRandom(seed);
  const below = (end: number) => randomBelow(random, end);
  return {
    below,
    chance: (percent: number) => below(100) < percent,
    of: <T>(values: readonly T[]): T => values[below(values.length)] as T,
    some: <T>(least: number, most: number, make: () => T): T[] =>
      Array.from({ length: least + below(most - least + 1) }, make),
  };
}

/** Random requests, many of which etcd must refuse; `revision` is about where the store stands. */
function operation(random: ReturnType<typeof choices>, revision: number): Operation {
  const key = () =>
    random.chance(2)
      ? Buffer.alloc(0)
      : Buffer.from(random.some(1, 3, () => random.of([0x00, 0x61, 0x62, 0x63, 0xff])));
  /** Absent, not empty, for one key: the real etcd reads an empty `range_end` on the wire as "no end". */
  const end = (percent: number) => {
    if (!random.chance(percent)) return {};
    const range_end = random.chance(20) ? Buffer.from([0]) : key();
    return range_end.length > 0 ? { range_end } : {};
  };
  const past = () => (random.chance(70) ? 0 : Math.max(0, revision - 30 + random.below(33)));
  const lease = () => (random.chance(75) ? '0' : random.of(leases));
  const range = () => {
    const target = random.chance(70) ? 'Key' : random.of(['Version', 'Create', 'Mod', 'Value']);
    return {
      key: key(),
      ...end(50),
      revision: past(),
      limit: target === 'Key' && random.chance(40) ? random.below(4) : 0,
      sort_target: target,
      sort_order: random.of(['None', 'Ascend', 'Descend']),
      keys_only: random.chance(20),
      count_only: random.chance(10),
      serializable: random.chance(20),
      min_mod_revision: random.chance(10) ? past() : 0,
      max_create_revision: random.chance(10) ? past() : 0,
    };
  };
  const put = () => ({
    key: key(),
    value: random.chance(90) ? Buffer.from([random.below(3)]) : Buffer.alloc(0),
    lease: lease(),
    prev_kv: random.chance(50),
    ignore_value: random.chance(8),
    ignore_lease: random.chance(8),
  });
  const deletion = () => ({ key: key(), ...end(20), prev_kv: true });
  const compare = () => ({
    key: key(),
    ...end(50),
    result: random.of(['Equal', 'Greater', 'Less', 'NotEqual']),
    ...random.of([
      { target: 'Version', version: random.below(3) },
      { target: 'Create', create_revision: past() },
      { target: 'Mod', mod_revision: past() },
      { target: 'Value', value: Buffer.from([random.below(3)]) },
      { target: 'Lease', lease: lease() },
    ]),
  });
  const txn = (depth: number): object => {
    const op = () => {
      const kind = random.below(depth > 0 ? 10 : 8);
      if (kind < 4) return { request_put: put() };
      if (kind < 6) return { request_range: range() };
      return kind < 8 ? { request_delete_range: deletion() } : { request_txn: txn(depth - 1) };
    };
    return { compare: random.some(0, 2, compare), success: random.some(0, 3, op), failure: random.some(0, 3, op) };
  };
  const kind = random.below(100);
  if (kind < 35) return { service: 'KV', method: 'Put', request: put() };
  if (kind < 55) return { service: 'KV', method: 'Range', request: range() };
  if (kind < 65) return { service: 'KV', method: 'DeleteRange', request: deletion() };
  if (kind < 90) return { service: 'KV', method: 'Txn', request: txn(2) };
  if (kind < 92) return { service: 'KV', method: 'Compact', request: { revision: past(), physical: true } };
  if (kind < 96) return { service: 'Lease', method: 'LeaseGrant', request: { TTL: 600, ID: random.of(leases) } };
  return { service: 'Lease', method: 'LeaseRevoke', request: { ID: random.of(leases) } };
}

/** What two servers must agree on: all but their ids and terms, and the order among equals of a sort. */
function essence(value: Reply): unknown {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return value.map(essence);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([name]) => !['cluster_id', 'member_id', 'raft_term'].includes(name));
  const plain = Object.fromEntries(kept.map(([name, each]) => [name, essence(each)]));
  if (Array.isArray(plain['kvs']))
    plain['kvs'] = plain['kvs'].toSorted((a: Reply, b: Reply) => (a.key < b.key ? -1 : 1));
  return plain;
}

async function answer(etcd: RawEtcd, { service, method, request }: Operation): Promise<unknown> {
  try {
    return essence(await etcd.call(service, method, request));
  } catch (error) {
    const { code, details } = error as { code: number; details: string };
    return { code, details };
  }
}

async function history(etcd: RawEtcd, from: number, to: number): Promise<unknown> {
  const stream = etcd.stream('Watch', 'Watch');
  const everything = { key: Buffer.from([0]), range_end: Buffer.from([0]) };
  stream.write({ create_request: { ...everything, start_revision: from, prev_kv: true } });
  const events = () => stream.replies.flatMap((reply) => reply.events ?? []);
  await until('the whole history', 5000, () => events().at(-1)?.kv.mod_revision === String(to));
  return essence(events());
}

test.each(seeds)('the in-process etcd answers random requests as the real one does, seed %i', async (seed) => {
  needsEtcd();
  const scope = new Scope('etcd differential');
  try {
    const real = rawEtcd(scope, (await startEtcd(scope)).members[0]?.clientUrl ?? '');
    const ours = rawEtcd(scope, (await startDemoEtcd({ scope })).endpoints[0] ?? '');
    const random = choices(seed);
    const codes = new Map<unknown, number>();
    let revision = 1;
    let compacted = 1;
    for (let at = 0; at < operations; at++) {
      const next = operation(random, revision);
      const [wanted, got] = (await Promise.all([answer(real, next), answer(ours, next)])) as Reply[];
      expect(got, `operation ${at} ${JSON.stringify(next)}`).toEqual(wanted);
      codes.set(wanted.code ?? 0, (codes.get(wanted.code ?? 0) ?? 0) + 1);
      revision = Math.max(revision, Number(wanted.header?.revision ?? 0));
      if (next.method === 'Compact' && !wanted.code) compacted = (next.request as { revision: number }).revision;
    }
    // The random walk must have gone somewhere: answers of every kind, and a history worth comparing.
    expect([...codes.keys()]).toEqual(expect.arrayContaining([0, 3, 5, 9, 11]));
    const last = { service: 'KV', method: 'Put', request: { key: Buffer.from('end') } } as const;
    await Promise.all([answer(real, last), answer(ours, last)]);
    const [wanted, got] = await Promise.all([real, ours].map((etcd) => history(etcd, compacted + 1, revision + 1)));
    expect(got).toEqual(wanted);
  } finally {
    await scope.end();
  }
});
