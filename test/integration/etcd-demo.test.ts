import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectEtcd } from '#core/etcd/connect-etcd.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { startInProcessEtcd } from '#demo/etcd/in-process-etcd.ts';
import { startDemoEtcd } from '#demo/etcd/start-demo-etcd.ts';
import { needsEtcd, quietLog, until } from '#kit/etcd.ts';
import { type RawEtcd, rawEtcd, refusal, under } from '#kit/etcd-raw.ts';

let scope: Scope;
beforeEach(() => {
  scope = new Scope('etcd demo test');
});
afterEach(async () => {
  await scope.end();
  expect(openScopes()).toEqual([]);
});

const three = ['demo-1', 'demo-2', 'demo-3'];

test.each(['real', 'in-process'] as const)('three members of the %s kind serve, stop and come back', async (kind) => {
  if (kind === 'real') needsEtcd();
  const demo = await startDemoEtcd({ scope, members: three, preferReal: kind === 'real' });
  expect([demo.kind, new Set(demo.endpoints).size]).toEqual([kind, 3]);
  const spec = { endpoints: demo.endpoints, tls: null, user: null };
  const etcd = connectEtcd(spec, { password: async () => null, log: quietLog, scope });
  await etcd.put('/a', '1');
  await demo.stop('demo-1');
  await until('a write without it', 15_000, () =>
    etcd.put('/a', '2').then(
      () => true,
      () => false,
    ),
  );
  await demo.resume('demo-1');
  const back = rawEtcd(scope, demo.endpoints[0] ?? '');
  const reply = await back.call('KV', 'Range', under('/a'));
  expect(String(reply.kvs[0].value)).toBe('2');
  await expect(demo.stop('none')).rejects.toThrow('no member none');
});

test('without a majority the in-process etcd decides nothing, and its members say so', async () => {
  const demo = await startDemoEtcd({ scope, members: three });
  const last = rawEtcd(scope, demo.endpoints[2] ?? '');
  const watch = last.stream('Watch', 'Watch');
  watch.write({ create_request: under('/') });
  await until('created', 3000, () => watch.replies.length === 1);
  const leaseId = (await last.call('Lease', 'LeaseGrant', { TTL: 60 })).ID;
  await demo.stop('demo-1');
  await demo.stop('demo-2');
  const noLeader = '14 etcdserver: no leader';
  expect(await refusal(last.call('KV', 'Put', { key: Buffer.from('/a') }))).toBe(noLeader);
  expect(await refusal(last.call('KV', 'Range', under('/')))).toBe(noLeader);
  expect(await refusal(last.call('KV', 'Range', { ...under('/'), serializable: true }))).toBe('answered');
  const status = await last.call('Maintenance', 'Status');
  expect([status.leader, status.errors]).toEqual(['0', ['etcdserver: no leader']]);
  await demo.resume('demo-1');
  const after = await last.call('Maintenance', 'Status');
  expect([after.leader !== '0', Number(after.raftTerm) > Number(status.raftTerm)]).toEqual([true, true]);
  // A watch that did not ask for a leader lived on, as it does in etcd.
  await last.call('KV', 'Put', { key: Buffer.from('/a'), lease: leaseId });
  await until('told', 3000, () => watch.replies.some((reply) => reply.events?.length === 1));
});

test('leadership moves when the leader is told to hand it over', async () => {
  const demo = await startDemoEtcd({ scope, members: three });
  const [first, second] = [0, 1].map((at) => rawEtcd(scope, demo.endpoints[at] ?? '')) as [RawEtcd, RawEtcd];
  const targetID = (await second.call('Maintenance', 'Status')).header.member_id;
  expect(await refusal(second.call('Maintenance', 'MoveLeader', { targetID }))).toBe('9 etcdserver: not leader');
  await first.call('Maintenance', 'MoveLeader', { targetID });
  expect((await first.call('Maintenance', 'Status')).leader).toBe(targetID);
});

test('its history stays short, and its leases run by the clock it is given', async () => {
  let now = 0;
  const [member] = await startInProcessEtcd({ scope, members: ['demo-1'], now: () => now, historyEvents: 100 });
  const etcd = rawEtcd(scope, member?.clientUrl ?? '');
  const put = (key: string, more: object = {}) => etcd.call('KV', 'Put', { key: Buffer.from(key), ...more });
  await put('/kept');
  for (let at = 0; at < 400; at++) await put('/a');
  const compacted = '11 etcdserver: mvcc: required revision has been compacted';
  const early = () => refusal(etcd.call('KV', 'Range', { ...under('/'), revision: 5 }));
  await until('compaction', 3000, async () => (await early()) === compacted);
  expect((await etcd.call('KV', 'Range', under('/'))).kvs).toHaveLength(2);
  const { ID } = await etcd.call('Lease', 'LeaseGrant', { TTL: 3600 });
  const { header } = await put('/leased', { lease: ID });
  now = 3_600_001;
  const stream = etcd.stream('Watch', 'Watch');
  stream.write({ create_request: { ...under('/leased'), start_revision: Number(header.revision) + 1 } });
  await until('expiry', 3000, () => stream.replies.some((reply) => reply.events?.[0]?.type === 'Delete'));
});

test('a killed console leaves no real etcd behind', async () => {
  needsEtcd();
  const source = new URL('../../electron/demo/etcd/real-etcd.ts', import.meta.url).href;
  const program = `
    const { startRealEtcd, findEtcd } = await import(${JSON.stringify(source)});
    const [member] = await startRealEtcd(await findEtcd(), { scope: { add() {} }, members: ['orphan'] });
    console.log(member.pid());
    setInterval(() => {}, 1000);`;
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-orphan-'));
  scope.add(() => rm(folder, { recursive: true, force: true }));
  const console_ = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
  });
  scope.add(() => void console_.kill('SIGKILL'));
  const [line] = (await once(createInterface(console_.stdout), 'line')) as [string];
  const alive = () => {
    try {
      return process.kill(Number(line), 0);
    } catch {
      return false;
    }
  };
  expect(alive()).toBe(true);
  console_.kill('SIGKILL');
  await until('etcd gone', 5000, () => !alive());
});
