import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { type Lab, labUnavailable, startLab } from '#kit/lab.ts';
import { appId, instanceOf, type NebraskaStandIn, startNebraska } from '#kit/nebraska-stand-in.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
const scope = new Scope('update server in a lab');
let lab: Lab;
let core: TestCore;
let view: TestView;
let nebraska: NebraskaStandIn;

beforeAll(async () => {
  if (reason) return;
  nebraska = await startNebraska(scope);
  lab = await startLab({ systems: ['flatcar', 'flatcar'], etcd: 'none' });
  const settings = `GROUP=prod-eu\\nSERVER=${nebraska.url}/v1/update/\\nREBOOT_STRATEGY=off\\n`;
  for (const { name } of lab.env.hosts)
    await lab.exec(name, ['sh', '-c', `printf '${settings}' > /etc/flatcar/update.conf`]);
  const updates = `updates: {server: {kind: nebraska, url: "${nebraska.url}"}}\n`;
  core = await startTestCore({ clusters: { lab: updates + labCluster(lab) } });
  view = core.view('lab');
  view.link.look({ hosts: ['node1', 'node2'], focus: 'node1', hidden: false });
  await view.until('cluster', '', 'updateServer', ({ state }) => state === 'live', 60_000);
  for (const host of ['node1', 'node2'])
    await view.until('host', host, 'update', ({ server }) => server?.startsWith(nebraska.url) === true, 60_000);
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  await scope.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

/** The host's own machine id, as a witness reads it there. */
const machineIdOf = async (host: string) => (await lab.exec(host, ['cat', '/etc/machine-id'])).stdout.trim();
const seenOf = async (host: string) => (await view.link.call('server.host', { host })).seen;

test('instances are hosts by their machine ids, and a host is told what the server last heard of it', async () => {
  nebraska.instances.push(
    instanceOf(await machineIdOf('node1'), 8, '4152.2.1'),
    instanceOf('f'.repeat(32), 4, '4230.2.1'),
  );
  const found = await view.link.call('server.instances', { app: appId, group: 'group-1' });
  expect(found.instances.map(({ host, status }) => [host, status])).toEqual([
    ['node1', 'on-hold'],
    [null, 'complete'],
  ]);
  expect(found.unheard).toMatchObject([{ host: 'node2', why: expect.stringContaining('did not hear of it') }]);
  expect(await seenOf('node1')).toMatchObject({
    url: nebraska.url,
    group: { app: appId, id: 'group-1', name: 'prod-eu', updatesEnabled: true },
    instance: { host: 'node1', status: 'on-hold', version: '4152.2.1', lastCheckAt: expect.any(Number) },
  });
  expect(await seenOf('node2')).toMatchObject({ group: { id: 'group-1' }, instance: null });
});

test('a host that asked for another group before is found there, until it asks anew', async () => {
  nebraska.instances.push(instanceOf(await machineIdOf('node2'), 3, '4081.2.0', 'group-2'));
  expect(await seenOf('node2')).toMatchObject({
    group: { id: 'group-2', name: 'beta' },
    instance: { host: 'node2', status: 'error', version: '4081.2.0' },
  });
});

test('a host whose settings name another server is not asked for', async () => {
  await lab.exec('node2', ['sed', '-i', '/^SERVER=/d', '/etc/flatcar/update.conf']);
  await lab.exec('node2', ['systemctl', 'restart', 'update-engine.service']);
  await view.until('host', 'node2', 'update', ({ server }) => server?.startsWith(nebraska.url) !== true, 60_000);
  nebraska.asked.length = 0;
  expect(await seenOf('node2')).toBeNull();
  expect(nebraska.asked.filter(({ path }) => path.includes('/instances/'))).toEqual([]);
});
