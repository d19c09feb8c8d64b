import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectEtcd, type EtcdConnection } from '#core/etcd/connect-etcd.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { fleetLock } from '#core/providers/reboot-locks/fleetlock/fleetlock-client.ts';
import { zincatiId } from '#core/providers/reboot-locks/zincati-id.ts';
import { startDemoEtcd } from '#demo/etcd/start-demo-etcd.ts';
import { needsEtcd, quietLog, startEtcd } from '#kit/etcd.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import { type Problem, toProblem } from '#shared/contract/problem.ts';

let scope: Scope;
beforeEach(() => {
  scope = new Scope('locks of a core');
});
afterEach(async () => {
  await scope.end();
  expect(openScopes().filter((name) => name.startsWith('locks of a core'))).toEqual([]);
});

async function refusal(call: Promise<unknown>): Promise<Problem> {
  return await call.then(
    () => Promise.reject(new Error('answered')),
    (error: unknown) => toProblem(error),
  );
}

const connected = (spec: Parameters<typeof connectEtcd>[0], password: string | null = null): EtcdConnection =>
  connectEtcd(spec, { password: async () => password, log: quietLog, scope });

const key = 'com.coreos.airlock/groups/workers/v1/semaphore';
const held = (...holders: string[]) => JSON.stringify({ total_slots: 2, holders });

async function coreOn(endpoint: string, mode: 'operate' | 'observe'): Promise<TestCore> {
  const text = `name: Locks\nmode: ${mode}\netcd:\n  endpoints: [${endpoint}]\nhosts: {}\n`;
  const core = await startTestCore({ clusters: { locks: text } });
  scope.add(() => core.end());
  return core;
}

test('a core shows the locks, clears exactly the planned holder, refuses what moved, and writes all of it down', async () => {
  needsEtcd();
  const { spec } = await startEtcd(scope);
  const [endpoint = ''] = spec.endpoints;
  const outside = connected(spec);
  await outside.put(key, held('ghost', 'host'));
  const core = await coreOn(endpoint, 'operate');
  const view = core.view('locks');
  const locks = () => view.replica.section('cluster', '', 'rebootLocks');
  await expect
    .poll(() => locks()?.locks[0]?.holders.map(({ id, gone }) => [id, gone]), { timeout: 10_000 })
    .toEqual([
      ['ghost', true],
      ['host', true],
    ]);
  await expect
    .poll(() => locks()?.places.find(({ kind }) => kind === 'locksmith')?.problem?.message, { timeout: 10_000 })
    .toContain('no v2 API');
  const lock = { kind: 'airlock', group: 'workers' } as const;
  const edit = { verb: 'clear', holder: 'ghost' } as const;
  const plan = await view.link.call('locks.plan', { ...lock, edit });
  expect(plan).toMatchObject({ key, before: held('ghost', 'host'), after: held('host') });
  await outside.put(key, held('fresh', 'ghost'));
  const moved = await refusal(view.link.call('locks.clear', { ...lock, holder: 'ghost', revision: plan.revision }));
  expect(moved).toMatchObject({ code: 'stale', message: expect.stringContaining(held('fresh', 'ghost')) as string });
  await expect.poll(() => locks()?.locks[0]?.holders.map(({ id }) => id)).toEqual(['fresh', 'ghost']);
  const again = await view.link.call('locks.plan', { ...lock, edit });
  await view.link.call('locks.clear', { ...lock, holder: 'ghost', revision: again.revision });
  expect((await outside.get(key)).found?.value.toString()).toBe(held('fresh'));
  const { entries } = await view.link.call('activity.list', { text: '', before: null, limit: 10 });
  const told = entries
    .filter(({ kind }) => kind === 'lock')
    .map(({ outcome, detail, command }) => [outcome, detail, command]);
  expect(told).toEqual([
    ['ok', `${held('fresh', 'ghost')} -> ${held('fresh')}`, `put ${key} ${held('fresh')}`],
    ['refused', expect.stringContaining('the lock moved'), ''],
  ]);
  // Seen as it came: only the one that was there when the console first looked has no time.
  expect(locks()?.locks[0]?.holders[0]?.since).toBeGreaterThan(0);
});

test('in observe mode a lock is planned but never written', async () => {
  needsEtcd();
  const { spec } = await startEtcd(scope);
  const outside = connected(spec);
  await outside.put(key, held('ghost'));
  const core = await coreOn(spec.endpoints[0] ?? '', 'observe');
  const view = core.view('locks');
  await expect.poll(() => view.replica.section('cluster', '', 'rebootLocks'), { timeout: 10_000 }).toBeTruthy();
  const lock = { kind: 'airlock', group: 'workers' } as const;
  const { revision } = await view.link.call('locks.plan', { ...lock, edit: { verb: 'set-max', max: 3 } });
  expect((await refusal(view.link.call('locks.set-max', { ...lock, revision, max: 3 }))).code).toBe('refused');
  expect((await refusal(view.link.call('locks.clear', { ...lock, revision, holder: 'ghost' }))).code).toBe('refused');
  expect((await outside.get(key)).found?.value.toString()).toBe(held('ghost'));
});

test('an etcd without the v2 API, and a server of gRPC alone, are told as such', async () => {
  needsEtcd();
  const { spec } = await startEtcd(scope);
  expect(await refusal(connected(spec).v2.list('/coreos.com'))).toMatchObject({
    code: 'unsupported',
    hint: expect.stringContaining('--enable-v2=true') as string,
  });
  const { endpoints } = await startDemoEtcd({ scope });
  expect(await refusal(connected({ endpoints, tls: null, user: null }).v2.list('/coreos.com'))).toMatchObject({
    code: 'unsupported',
  });
});

test("zincati's node id is what systemd makes of the machine id", async () => {
  const words = ['machine-id', '--app-specific=de35106b6ec24688b63afddaa156679b'];
  const made = await promisify(execFile)('systemd-id128', words).catch(() => null);
  const machineId = await readFile('/etc/machine-id', 'utf8').catch(() => '');
  skipUnless(made, 'no systemd-id128 here');
  expect(zincatiId(machineId.trim())).toBe(made?.stdout.trim());
  expect(zincatiId('no machine id')).toBe(null);
});

test('v2 over TLS with client certificates', async () => {
  needsEtcd();
  const { spec } = await startEtcd(scope, { tls: 'mutual', arguments: ['--enable-v2=true'] });
  const { v2 } = connected(spec);
  const made = await v2.create('/a/b%2F c', 'x');
  expect(await v2.list('/a')).toEqual([{ key: '/a/b%2F c', value: 'x', index: made.index }]);
  const bare = connected({ ...spec, tls: spec.tls && { ...spec.tls, certFile: null, keyFile: null } });
  expect((await refusal(bare.v2.list('/a'))).code).toBe('unreachable');
  const untrusting = connected({ ...spec, tls: spec.tls && { ...spec.tls, caFile: null } });
  expect((await refusal(untrusting.v2.list('/a'))).code).toBe('unreachable');
});

test("v2's own users: the password of the cluster file's user is sent only once etcd asks for it", async () => {
  needsEtcd();
  const { spec } = await startEtcd(scope, { arguments: ['--enable-v2=true'] });
  const [url = ''] = spec.endpoints;
  const login = { authorization: `Basic ${Buffer.from('root:secret').toString('base64')}` };
  const put = async (path: string, body: object | null, headers = {}) => {
    const reply = await fetch(`${url}/v2/auth/${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...headers },
      body: body && JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  };
  await put('users/root', { user: 'root', password: 'secret' });
  await put('enable', null);
  await put('roles/guest', { role: 'guest', revoke: { kv: { read: ['/*'], write: ['/*'] } } }, login);
  expect((await refusal(connected(spec).v2.create('/a', '1'))).code).toBe('authentication');
  const wrong = connected({ ...spec, user: 'root' }, 'wrong');
  await wrong.get('a');
  expect((await refusal(wrong.v2.create('/a', '1'))).code).toBe('authentication');
  const right = connected({ ...spec, user: 'root' }, 'secret');
  await right.get('a');
  await right.v2.create('/a', '1');
  expect((await right.v2.get('/a'))?.value).toBe('1');
});

test('FleetLock: both calls as the protocol says, refusals in its words, and nonsense told as that', async () => {
  const asked: string[] = [];
  let answer: [number, string] = [200, ''];
  const server: Server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      asked.push(`${request.method} ${request.url} ${request.headers['fleet-lock-protocol']} ${body}`);
      response.writeHead(answer[0], { 'content-type': 'text/plain', location: '/elsewhere' }).end(answer[1]);
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  scope.add(() => void server.close());
  const lock = fleetLock(`http://127.0.0.1:${(server.address() as AddressInfo).port}/airlock`, scope.signal);
  const who = { id: 'c988d2509fdf5cdcbed39037c56406fb', group: 'workers' };
  await lock.preReboot(who);
  await lock.steadyState(who);
  const body = JSON.stringify({ client_params: who });
  expect(asked).toEqual([`POST /airlock/v1/pre-reboot true ${body}`, `POST /airlock/v1/steady-state true ${body}`]);
  answer = [500, '{"kind":"failed_lock","value":"all 2 semaphore slots currently locked"}'];
  expect(await refusal(lock.preReboot(who))).toMatchObject({
    code: 'busy',
    message: expect.stringContaining('all 2 semaphore slots currently locked') as string,
  });
  answer = [400, '{"kind":"unknown_group","value":"no\\u001b[31m"}'];
  expect(await refusal(lock.preReboot(who))).toMatchObject({
    code: 'refused',
    message: expect.not.stringContaining('\u001b') as string,
  });
  for (const nonsense of [
    [500, '<html>'],
    [404, '{}'],
    [500, 'x'.repeat(100_000)],
  ] as const) {
    answer = [...nonsense];
    expect((await refusal(lock.preReboot(who))).code).toBe('protocol');
  }
  answer = [302, ''];
  expect((await refusal(lock.preReboot(who))).code).toBe('unreachable');
  expect((await refusal(lock.preReboot({ ...who, group: 'a b' }))).code).toBe('invalid-input');
  expect(() => fleetLock('file:///etc', scope.signal)).toThrow('no address');
});
