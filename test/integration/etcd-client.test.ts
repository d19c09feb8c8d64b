import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectEtcd, type EtcdConnection } from '#core/etcd/connect-etcd.ts';
import type { EtcdSpec } from '#core/clusters/cluster-store.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { needsEtcd, quietLog, startEtcd, until } from '#kit/etcd.ts';
import { startForward } from '#kit/tcp-forward.ts';
import { type Problem, toProblem } from '#shared/contract/problem.ts';

let scope: Scope;
beforeEach(() => {
  needsEtcd();
  scope = new Scope('etcd client test');
});
afterEach(async () => {
  await scope?.end();
  expect(openScopes()).toEqual([]);
});

function connected(spec: EtcdSpec): EtcdConnection {
  return connectEtcd(spec, { password: async () => null, log: quietLog, scope });
}

async function refused(call: Promise<unknown>): Promise<Problem> {
  return await call.then(
    (answer) => Promise.reject(new Error(`answered ${JSON.stringify(answer)}`)),
    (error: unknown) => toProblem(error),
  );
}

describe('keys over one member', () => {
  test('are read, written and guarded, and etcdctl sees the same', async () => {
    const { spec, etcdctl } = await startEtcd(scope);
    const etcd = connected(spec);
    const { revision } = await etcd.put('/a', 'one');
    expect((await etcd.get('/a')).found).toMatchObject({ modRevision: revision, version: 1, lease: '0' });
    expect(await etcdctl('get', '/a', '--print-value-only')).toBe('one\n');
    expect((await etcd.get('/none')).found).toBeNull();
    const edit = (guard: number) =>
      etcd.txn({
        compare: [{ on: '/a', target: 'mod', is: '=', to: guard }],
        success: [{ put: '/a', value: 'two' }, { delete: { prefix: '/old/' } }],
        failure: [{ get: '/a' }],
      });
    expect(await edit(revision)).toEqual({
      succeeded: true,
      revision: revision + 1,
      results: [{ kind: 'put' }, { kind: 'delete', deleted: 0 }],
    });
    const stale = await edit(revision);
    expect([stale.succeeded, stale.results.map(({ kind }) => kind)]).toEqual([false, ['get']]);
    expect(await etcdctl('get', '/a', '--print-value-only')).toBe('two\n');
    const binary = Buffer.from([0xff, 0x00, 0xfe]);
    await etcd.put(binary, binary);
    expect((await etcd.page({ prefix: Buffer.from([0xff]) })).keys[0]).toMatchObject({ key: binary, value: binary });
    expect(await etcd.delete({ from: '/a', to: '/b' })).toMatchObject({ deleted: 1 });
  });

  test('come in pages of one revision, smaller where one reply would be too large', async () => {
    const { spec } = await startEtcd(scope);
    const etcd = connected(spec);
    const value = Buffer.alloc(1_000_000, 'x');
    for (let at = 0; at < 40; at++) await etcd.put(`/big/${String(at).padStart(2, '0')}`, value);
    const sizes: number[] = [];
    const revisions = new Set<number>();
    for await (const page of etcd.pages({ prefix: '/big/' }, { limit: 30 })) {
      if (sizes.length === 0) await etcd.delete('/big/39');
      sizes.push(page.keys.length);
      revisions.add(page.revision);
    }
    expect(sizes.reduce((sum, size) => sum + size)).toBe(40);
    expect([revisions.size, sizes.length > 2]).toEqual([1, true]);
    const whole = await refused(etcd.page({ prefix: '/big/' }));
    expect([whole.code, whole.message]).toEqual(['refused', expect.stringContaining('larger than max')]);
    // The oversized reply must not cost the next call anything (B4: etcd3 alone blocks the member for 5 s).
    const started = performance.now();
    await etcd.get('/none');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('are refused in the words of the contract', async () => {
    const { spec, etcdctl } = await startEtcd(scope);
    const etcd = connected(spec);
    const first = await etcd.put('/a', '1');
    const last = await etcd.put('/a', '2');
    await etcdctl('compact', String(last.revision));
    expect((await refused(etcd.get('/a', { revision: first.revision }))).code).toBe('stale');
    expect((await refused(etcd.get('/a', { revision: last.revision + 9 }))).code).toBe('invalid-input');
    expect((await refused(etcd.put('/a', 'v', { lease: '7' }))).code).toBe('not-found');
    expect((await refused(etcd.put('/a', Buffer.alloc(1_600_000)))).code).toBe('invalid-input');
    const twice = {
      compare: [],
      success: [
        { put: '/x', value: '' },
        { put: '/x', value: '' },
      ],
    };
    expect((await refused(etcd.txn(twice))).message).toContain('duplicate key');
  });

  test('end in time and in words when the member is gone, silent, or comes back', async () => {
    const { spec, members } = await startEtcd(scope);
    const [member] = members;
    const etcd = connected(spec);
    await etcd.put('/a', '1');
    process.kill(member?.pid() ?? 0, 'SIGSTOP');
    const started = performance.now();
    const hung = await refused(etcd.put('/a', '2'));
    expect([hung.code, performance.now() - started < 6000]).toEqual(['lost', true]);
    expect(hung.hint).toContain('Read the key');
    expect(['timeout', 'unreachable']).toContain((await refused(etcd.get('/a'))).code);
    await member?.stop('SIGKILL');
    expect((await refused(etcd.put('/a', '3'))).code).toBe('unreachable');
    await member?.start();
    expect((await etcd.get('/a')).found?.version).toBeGreaterThanOrEqual(1);
  });

  test('go through a tunnel under the endpoint’s own name', async () => {
    const { spec } = await startEtcd(scope);
    const forward = await startForward(scope, spec.endpoints[0] ?? '');
    const dialled: string[] = [];
    const etcd = connectEtcd(
      { ...spec, endpoints: ['http://etcd.internal:2379'] },
      {
        password: async () => null,
        log: quietLog,
        scope,
        dial: async ({ url }) => {
          dialled.push(url);
          return new URL(forward.url).host;
        },
      },
    );
    await etcd.put('/a', '1');
    expect(dialled).toEqual(['http://etcd.internal:2379']);
  });
});

describe('leases', () => {
  test('live while held, and their keys go when revoked or lost', async () => {
    const { spec, etcdctl } = await startEtcd(scope);
    const etcd = connected(spec);
    const lost: Problem[] = [];
    const held = await etcd.grantLease(2, (problem) => lost.push(problem));
    await etcd.put('/held', 'x', { lease: held.id });
    await new Promise((resolve) => {
      setTimeout(resolve, 4500);
    });
    expect((await etcd.get('/held')).found).not.toBeNull();
    expect(held.aliveUntil).toBeGreaterThan(performance.now());
    await held.revoke();
    await held.revoke();
    expect((await etcd.get('/held')).found).toBeNull();
    expect(lost).toEqual([]);
    const other = await etcd.grantLease(3, (problem) => lost.push(problem));
    await etcdctl('lease', 'revoke', BigInt(other.id).toString(16));
    expect((await until('loss', 3000, () => lost[0])).code).toBe('lost');
  });

  test('are lost before etcd would give them away, when nobody can be reached', async () => {
    const { spec, members } = await startEtcd(scope);
    const etcd = connected(spec);
    const lost: Problem[] = [];
    const held = await etcd.grantLease(3, (problem) => lost.push(problem));
    process.kill(members[0]?.pid() ?? 0, 'SIGSTOP');
    const started = performance.now();
    await until('loss', 4500, () => lost[0]);
    expect(performance.now() - started).toBeLessThan(held.ttlSeconds * 1000 + 400);
    expect(held.aliveUntil).toBeLessThanOrEqual(performance.now());
  });
});
