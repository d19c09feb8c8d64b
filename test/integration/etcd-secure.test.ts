import { type sendUnaryData, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EtcdSpec } from '#core/clusters/cluster-store.ts';
import { connectEtcd, type EtcdConnection } from '#core/etcd/connect-etcd.ts';
import { watchEtcdCluster } from '#core/etcd/watch-etcd-cluster.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { etcdServices } from '#demo/etcd/messages.ts';
import { makeCertificates, needsEtcd, quietLog, startEtcd, until } from '#kit/etcd.ts';
import { type Problem, toProblem } from '#shared/contract/problem.ts';

let scope: Scope;
beforeEach(() => {
  needsEtcd();
  scope = new Scope('etcd secure test');
});
afterEach(async () => {
  await scope?.end();
  expect(openScopes()).toEqual([]);
});

type Ask = (refusal: Problem | null) => Promise<string | null>;

function connected(spec: EtcdSpec, password: Ask = async () => null): EtcdConnection {
  return connectEtcd(spec, { password, log: quietLog, scope });
}

async function refused(call: Promise<unknown>): Promise<Problem> {
  return await call.then(
    () => Promise.reject(new Error('answered')),
    (error: unknown) => toProblem(error),
  );
}

/** Follows a prefix and gathers what is told. */
function follow(etcd: EtcdConnection, prefix: string) {
  const told = { snapshots: 0, changes: [] as string[], states: [] as string[] };
  etcd.watchPrefix(prefix, null, {
    snapshot: () => told.snapshots++,
    change: ({ changes }) => {
      for (const change of changes) told.changes.push(String(change.type === 'put' ? change.kv.key : change.key));
    },
    state: (state, problem) => told.states.push(problem ? `${state} ${problem.code}` : state),
  });
  return told;
}

describe('over TLS', () => {
  test('a server certificate is checked against the CA and the name', async () => {
    const { spec } = await startEtcd(scope, { tls: 'server' });
    await connected(spec).put('/a', '1');
    const { ca } = await makeCertificates(scope);
    const tls = { caFile: ca, certFile: null, keyFile: null, serverName: null };
    const get = (more: EtcdSpec['tls']) => refused(connected({ ...spec, tls: more }).get('/a'));
    const [other, name, system, missing] = await Promise.all([
      get(tls),
      get({ ...tls, ...spec.tls, serverName: 'other.example' }),
      get(null),
      get({ ...tls, caFile: '/none/ca.crt' }),
    ]);
    expect([other.code, /certificate|issuer/.test(other.message)]).toEqual(['unreachable', true]);
    expect([name.code, name.message]).toEqual(['unreachable', expect.stringContaining('other.example')]);
    expect(system.code).toBe('unreachable');
    expect([missing.code, missing.message]).toEqual(['not-found', expect.stringContaining('/none/ca.crt')]);
  });

  test('a client certificate is shown, and its absence is said', async () => {
    const { spec } = await startEtcd(scope, { tls: 'mutual' });
    await connected(spec).put('/a', '1');
    const caFile = spec.tls?.caFile ?? null;
    const without = connected({ ...spec, tls: { caFile, certFile: null, keyFile: null, serverName: null } });
    const read = refused(without.get('/a'));
    const watch = watchEtcdCluster(without, { scope, hosts: () => [], onChange: () => {} });
    await until('state', 8000, () => watch.current().state === 'unreachable');
    expect((await read).code).toBe('unreachable');
    expect(watch.current().members[0]?.reason).toMatch(/certificate|alert|connection lost|ECONNRESET|socket/i);
  });
});

describe('with users and passwords', () => {
  test('the password is asked once, and an expired token is replaced without a word', async () => {
    const { spec, members } = await startEtcd(scope, { auth: true, arguments: ['--auth-token-ttl', '1'] });
    const asked: (string | null)[] = [];
    const etcd = connected(spec, async (refusal) => {
      asked.push(refusal?.message ?? null);
      return 'root-pass';
    });
    const told = follow(etcd, '/x/');
    await until('live', 5000, () => told.states.includes('live'));
    await etcd.put('/x/1', '1');
    const first = etcd.session.token;
    await new Promise((resolve) => {
      setTimeout(resolve, 3500);
    });
    await etcd.put('/x/2', '2');
    expect(etcd.session.token).not.toBe(first);
    // A restarted member knows no token at all, and the watch comes back under a new one.
    await members[0]?.stop('SIGKILL');
    await members[0]?.start();
    await etcd.put('/x/3', '3');
    await until('all told', 8000, () => told.changes.length === 3);
    expect([told.snapshots, told.changes]).toEqual([1, ['/x/1', '/x/2', '/x/3']]);
    expect(told.states.filter((state) => state.startsWith('refused'))).toEqual([]);
    expect(asked.every((refusal) => refusal === null)).toBe(true);
  });

  test('a wrong password is told, kept from being tried again at once, and asked for anew', async () => {
    const { spec } = await startEtcd(scope, { auth: true });
    const asked: (string | null)[] = [];
    const etcd = connected(spec, async (refusal) => {
      asked.push(refusal?.message ?? null);
      return 'wrong';
    });
    const watch = watchEtcdCluster(etcd, { scope, hosts: () => [], everyMs: 300, onChange: () => {} });
    const problem = await refused(etcd.get('/a'));
    expect([problem.code, problem.message]).toEqual(['authentication', 'etcd refuses the password of user root']);
    await until('state', 3000, () => watch.current().state === 'unauthorized');
    expect(watch.current()).toMatchObject({ reason: 'etcd refuses the password of user root' });
    // etcd 3.4 lets anyone read Status: the member is up all the same.
    expect(watch.current().members[0]?.state).toBe('up');
    await refused(etcd.get('/a'));
    expect(asked).toEqual([null]);
  });

  test('no password, and no user, are said as such', async () => {
    const { spec } = await startEtcd(scope, { auth: true });
    const none = await refused(connected(spec).get('/a'));
    expect([none.code, none.message]).toEqual(['authentication', 'no password was given for etcd user root']);
    const nobody = await refused(connected({ ...spec, user: null }).get('/a'));
    expect([nobody.code, nobody.hint]).toEqual(['authentication', expect.stringContaining('Name a user')]);
  });

  test('a denied watch is refused alone, and lives as soon as the right is given', async () => {
    const { spec, etcdctl } = await startEtcd(scope, { auth: true });
    const etcd = connected({ ...spec, user: 'viewer' }, async () => 'viewer-pass');
    expect((await refused(etcd.get('/closed/a'))).code).toBe('permission');
    const denied = follow(etcd, '/closed/');
    const allowed = follow(etcd, '/open/');
    await until('allowed', 5000, () => allowed.states.includes('live'));
    await until('denied', 5000, () => denied.states.includes('refused permission'));
    await etcdctl('put', '/open/1', 'x');
    await until('told', 3000, () => allowed.changes.length === 1);
    await etcdctl('role', 'grant-permission', 'viewer', '--prefix=true', 'read', '/closed/');
    await until('live', 9000, () => denied.states.includes('live'));
    await etcdctl('put', '/closed/1', 'x');
    await until('told', 3000, () => denied.changes.length === 1);
  });

  test('a right taken away ends a resumed watch with `permission`, not with a hang', async () => {
    const { spec, etcdctl, members } = await startEtcd(scope, { auth: true });
    const etcd = connected({ ...spec, user: 'viewer' }, async () => 'viewer-pass');
    const told = follow(etcd, '/open/');
    await until('live', 5000, () => told.states.includes('live'));
    await etcdctl('role', 'revoke-permission', 'viewer', '--prefix=true', '/open/');
    await members[0]?.stop('SIGKILL');
    await members[0]?.start();
    await until('refused', 8000, () => told.states.includes('refused permission'));
    expect(told.snapshots).toBe(1);
  });

  test('a member that denies its status, as 3.5.28 to 3.5.31 do, is unauthorized and not down', async () => {
    const deny = (_: unknown, done: (error: { code: number; details: string }) => void) =>
      done({ code: status.PERMISSION_DENIED, details: 'etcdserver: permission denied' });
    const server = new Server();
    server.addService(etcdServices().Maintenance, { Status: deny });
    server.addService(etcdServices().Cluster, { MemberList: deny });
    server.addService(etcdServices().Auth, {
      Authenticate: (_: unknown, done: sendUnaryData<object>) => done(null, { token: 'token.1' }),
    });
    scope.add(() => server.forceShutdown());
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const etcd = connected({ endpoints: [`127.0.0.1:${port}`], tls: null, user: 'viewer' }, async () => 'x');
    const watch = watchEtcdCluster(etcd, { scope, hosts: () => [], everyMs: 200, onChange: () => {} });
    await until('state', 4000, () => watch.current().state === 'unauthorized');
    expect(watch.current().reason).toBe('etcd does not let us read its status: permission denied');
    expect(watch.current().members.map(({ state }) => state)).toEqual(['unauthorized']);
    expect(etcd.session.token).toBe('token.1');
  });

  test('a user where authentication is off needs no password to be right', async () => {
    const { spec } = await startEtcd(scope);
    const etcd = connected({ ...spec, user: 'root' }, async () => 'whatever');
    expect((await etcd.put('/a', '1')).revision).toBe(2);
  });
});
