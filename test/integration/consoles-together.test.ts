import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { needsEtcd, startEtcd, type TestEtcd } from '#kit/etcd.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

let scope: Scope;
let cores: TestCore[];
let etcd: TestEtcd;

const clusterText = (endpoints: readonly string[]) =>
  [
    'name: Shared',
    'mode: observe',
    ...(endpoints.length > 0 ? ['etcd:', '  endpoints:', ...endpoints.map((url) => `    - ${url}`)] : []),
    'ssh:',
    '  agent: false',
    'hosts:',
    // Nobody answers there: none of this needs a host.
    ...['node1', 'node2'].map((name) => `  - { name: ${name}, address: 127.0.0.1, port: 1, user: nobody }`),
    '',
  ].join('\n');

/** A console of that person, on a machine that several share. */
async function consoleOf(
  person: string,
  endpoints: readonly string[] = etcd.spec.endpoints,
): Promise<[TestCore, TestView]> {
  process.env['QUARTERDECK_PERSON'] = person;
  const core = await startTestCore({
    clusters: { shared: clusterText(endpoints) },
    expectedWarnings: [/cannot be read/],
  }).finally(() => delete process.env['QUARTERDECK_PERSON']);
  cores.push(core);
  return [core, core.view('shared')];
}

beforeEach(async () => {
  needsEtcd();
  scope = new Scope('consoles together');
  cores = [];
  etcd = await startEtcd(scope);
});
afterEach(async () => {
  for (const core of cores ?? []) await core.end();
  await scope?.end();
  expect(openScopes()).toEqual([]);
});

const others = (view: TestView, fits: (people: string[]) => boolean, timeoutMs?: number) =>
  view.until(
    'cluster',
    '',
    'presence',
    ({ others: them, behind }) => behind === null && fits(them.map(({ person }) => person.split('@')[0] ?? '')),
    timeoutMs,
  );
const sees = (view: TestView, ...people: string[]) =>
  others(view, (them) => them.toSorted().join() === people.toSorted().join(), 30_000);

test('consoles of one cluster see each other come and go', async () => {
  const [, ada] = await consoleOf('ada');
  expect(await sees(ada)).toMatchObject({ kind: 'etcd', self: { person: expect.stringMatching(/^ada@/) } });
  const [bobs, bob] = await consoleOf('bob');
  await sees(ada, 'bob');
  expect((await sees(bob, 'ada')).others[0]?.since).toBeGreaterThan(Date.now() - 60_000);
  await bobs.end();
  cores.splice(1, 1);
  // Given back at the end, not only when the lease runs out.
  await others(ada, (them) => them.length === 0, 8_000);
});

test('a console that knows the cluster by two files is one, to itself too', async () => {
  const [core, ada] = await consoleOf('ada');
  await core.writeCluster('again', clusterText(etcd.spec.endpoints).replace('Shared', 'Again'));
  await ada.until('app', '', 'clusters', (clusters) => clusters.length === 2);
  const twice = core.view('again');
  await twice.until('cluster', '', 'presence', ({ kind, unseen }) => kind === 'etcd' && unseen === null);
  const keys = async () => (await etcd.etcdctl('get', '--prefix', '--keys-only', '/quarterdeck/v1/presence/')).trim();
  await expect.poll(async () => (await keys()).split('\n\n').length, { timeout: 10_000 }).toBe(2);
  await sees(ada);
  await sees(twice);
});

test('a console is seen again after its key was deleted, its lease revoked, and etcd lost and back', async () => {
  const [, ada] = await consoleOf('ada');
  const [, bob] = await consoleOf('bob');
  const told = await sees(ada, 'bob');
  await sees(bob, 'ada');
  const key = `/quarterdeck/v1/presence/${told.others[0]?.id}`;
  const record = JSON.parse(await etcd.etcdctl('get', key, '-w', 'json')) as { kvs: { create_revision: number }[] };
  const created = async () => {
    const { kvs } = JSON.parse(await etcd.etcdctl('get', key, '-w', 'json')) as { kvs?: { create_revision: number }[] };
    return kvs?.[0]?.create_revision ?? 0;
  };
  await etcd.etcdctl('del', key);
  await expect.poll(created, { timeout: 10_000 }).toBeGreaterThan(record.kvs[0]?.create_revision ?? 0);
  const before = await created();
  const leases = async () =>
    (await etcd.etcdctl('lease', 'list')).split('\n').filter((id) => /^[0-9a-f]{8,}$/.test(id));
  for (const id of await leases()) await etcd.etcdctl('lease', 'revoke', id);
  await expect.poll(created, { timeout: 20_000 }).toBeGreaterThan(before);
  await expect.poll(async () => (await leases()).length, { timeout: 20_000 }).toBe(2);
  await etcd.members[0]?.stop('SIGKILL');
  expect((await ada.until('cluster', '', 'presence', ({ behind }) => behind !== null)).behind?.message).not.toBe('');
  await etcd.members[0]?.start();
  await sees(ada, 'bob');
  await sees(bob, 'ada');
  await ada.until('cluster', '', 'presence', ({ unseen }) => unseen === null, 30_000);
});

test('what else lies among the consoles is not believed', async () => {
  for (const [id, value] of [
    ['x', 'not json'],
    ['y', '{"v":1,"person":7}'],
    ['z', JSON.stringify({ v: 1, person: 'eve\u202e', console: 'm', since: 1e99 })],
    ['w', JSON.stringify({ v: 1, person: 'w\u001b[31m', console: 'm', since: 5 })],
  ] as const)
    await etcd.etcdctl('put', `/quarterdeck/v1/presence/${id}`, value);
  const [, ada] = await consoleOf('ada');
  const { others: them } = await others(ada, (people) => people.length > 0);
  expect(them).toEqual([{ id: 'w', person: 'w␛[31m', console: 'm', since: 5 }]);
});

test('without etcd a console knows only itself, and keeps its marks to itself', async () => {
  const [core, ada] = await consoleOf('ada', []);
  expect(await others(ada, () => true)).toMatchObject({ kind: 'local', others: [] });
  await ada.until('cluster', '', 'maintenance', ({ kind }) => kind === 'local');
  const maintenance = { reason: 'new disks', until: Date.now() + 60_000 };
  await ada.link.call('hosts.maintenance', { hosts: ['node1'], maintenance });
  await ada.until('host', 'node1', 'maintenance', ({ reason }) => reason === 'new disks');
  const file = await readFile(join(core.dir, 'data/maintenance/shared.json'), 'utf8');
  expect(JSON.parse(file)).toMatchObject({ node1: maintenance });
});

test('a mark is seen by the other console live, and lifted by it', async () => {
  const [, ada] = await consoleOf('ada');
  const [, bob] = await consoleOf('bob');
  for (const view of [ada, bob]) {
    await view.until('cluster', '', 'maintenance', ({ kind, problem }) => kind === 'etcd' && problem === null);
    await view.until('host', 'node1', 'identity', () => true);
  }
  const maintenance = { reason: 'new disks', until: Date.now() + 3_600_000 };
  await ada.link.call('hosts.maintenance', { hosts: ['node1', 'node2'], maintenance });
  const seen = await bob.until('host', 'node1', 'maintenance', () => true);
  expect(seen).toMatchObject({ ...maintenance, by: expect.stringMatching(/^ada@/) });
  await bob.until('host', 'node2', 'health', ({ state }) => state === 'down-on-purpose');
  // The one who made it may be told of it later than the other: what comes after must be the lifting.
  await ada.until('host', 'node1', 'health', ({ state }) => state === 'down-on-purpose');
  await bob.link.call('hosts.maintenance', { hosts: ['node1'], maintenance: null });
  await ada.until('host', 'node1', 'health', ({ state }) => state !== 'down-on-purpose');
  await expect.poll(() => ada.record('host', 'node1')?.maintenance).toBeUndefined();
  expect(await etcd.etcdctl('get', '--prefix', '--keys-only', '/quarterdeck/v1/maintenance/')).toBe(
    '/quarterdeck/v1/maintenance/node2\n\n',
  );
  // A console that comes later finds it.
  const [, eve] = await consoleOf('eve');
  await eve.until('host', 'node2', 'health', ({ state }) => state === 'down-on-purpose');
  await etcd.etcdctl('put', '/quarterdeck/v1/maintenance/node2', '{"v":1,"mark":{"reason":""}}');
  await eve.until('host', 'node2', 'health', ({ state }) => state !== 'down-on-purpose');
});

test('a mark that is over falls away at all consoles, and out of etcd', async () => {
  const [, ada] = await consoleOf('ada');
  const [, bob] = await consoleOf('bob');
  await sees(ada, 'bob');
  await ada.link.call('hosts.maintenance', {
    hosts: ['node1'],
    maintenance: { reason: 'soon over', until: Date.now() + 3_000 },
  });
  await bob.until('host', 'node1', 'health', ({ state }) => state === 'down-on-purpose');
  await bob.until('host', 'node1', 'health', ({ state }) => state !== 'down-on-purpose');
  await expect
    .poll(() => etcd.etcdctl('get', '--prefix', '--keys-only', '/quarterdeck/v1/maintenance/'), { timeout: 10_000 })
    .toBe('');
});

test('marks that were made before there was an etcd are shared once there is one', async () => {
  const [core, ada] = await consoleOf('ada', []);
  await ada.until('host', 'node1', 'identity', () => true);
  await ada.link.call('hosts.maintenance', {
    hosts: ['node1'],
    maintenance: { reason: 'before', until: Date.now() + 3_600_000 },
  });
  await mkdir(core.configDir, { recursive: true });
  await writeFile(join(core.configDir, 'shared.yaml'), clusterText(etcd.spec.endpoints));
  await ada.until('cluster', '', 'maintenance', ({ kind }) => kind === 'etcd');
  const [, bob] = await consoleOf('bob');
  await bob.until('host', 'node1', 'maintenance', ({ reason }) => reason === 'before');
  await expect
    .poll(async () => JSON.parse(await readFile(join(core.dir, 'data/maintenance/shared.json'), 'utf8')) as unknown)
    .toEqual({});
  await ada.until('host', 'node1', 'maintenance', ({ reason }) => reason === 'before');
});
