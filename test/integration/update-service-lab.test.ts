import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { labCluster } from '#kit/cluster-text.ts';
import { type Lab, labUnavailable, startLab } from '#kit/lab.ts';
import { OmahaMachine } from '#kit/omaha-client.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import { sampleChannel, sampleGroup, samplePackage } from '#kit/update-service.ts';

const reason = labUnavailable();
let lab: Lab;
let core: TestCore;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['flatcar', 'flatcar'], etcd: 'plain' });
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

test('a real host that asks is known by its machine id: by its name, with what it was given', async () => {
  const { url } = await core.core.serveUpdates({
    cluster: 'lab',
    host: '127.0.0.1',
    port: 0,
    tls: null,
    payloads: null,
  });
  const view = core.view('lab');
  const section = () => view.replica.section('cluster', '', 'updateService');
  await view.until('host', 'node1', 'facts', ({ machineId }) => machineId !== '', 60_000);
  await expect.poll(() => section()?.servers.length, { timeout: 20_000 }).toBe(1);
  expect(section()?.kind).toBe('etcd');
  for (const item of [
    { kind: 'packages', value: samplePackage() },
    { kind: 'channels', value: sampleChannel() },
    { kind: 'groups', value: sampleGroup() },
  ] as const) {
    await view.link.call('update-service.save', { item, revision: null });
    await expect.poll(() => section()?.[item.kind].length).toBe(1);
  }
  // The host's own machine id, as a witness reads it there.
  const machineId = (await lab.exec('node1', ['cat', '/etc/machine-id'])).stdout.trim();
  const machine = new OmahaMachine(url, machineId, '4152.2.0');
  const stranger = new OmahaMachine(url, 'f'.repeat(32), '4152.2.0');
  expect([await machine.check(), await stranger.check()]).toEqual(['4230.2.1', '4230.2.1']);
  await machine.install();
  const { instances } = await view.link.call('update-service.instances', {
    group: null,
    status: null,
    text: '',
    most: 10,
  });
  expect(instances.map(({ id, host, status }) => [id, host, status])).toEqual([
    [stranger.id, null, 'granted'],
    [machineId, 'node1', 'installed'],
  ]);
  const key = '/quarterdeck/v1/update-service/instances/';
  const { stdout } = await lab.etcdctl('node1', 'get', '--prefix', '--keys-only', key);
  expect(stdout).toContain(key + machineId);
});
