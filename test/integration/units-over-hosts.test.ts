import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
const unit = 'web.service';
const dropIn = `/etc/systemd/system/${unit}.d/50-quarterdeck.conf`;
let lab: Lab;
let core: TestCore;
let view: TestView;
let hosts: string[];

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['debian', 'debian', 'debian'], etcd: 'none' });
  hosts = lab.env.hosts.map(({ name }) => name);
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = core.view('lab');
  view.link.look({ hosts, focus: null, hidden: false });
  for (const name of hosts) await view.until('host', name, 'link', ({ units }) => units === 'dbus', 30_000);
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const sh = async (host: string, script: string) => {
  const { exitCode, stderr } = await lab.exec(host, ['sh', '-c', script]);
  if (exitCode !== 0) throw new Error(`${script} on ${host}: ${stderr}`);
};
const states = async () =>
  (await view.link.call('unit.counts', { type: 'service' })).units.find(({ name }) => name === unit)?.states;
const inState = async () =>
  (await view.link.call('unit.hosts', { unit })).hosts.map((one) => `${one.host} ${one.unit.active}`).toSorted();

test('a unit is counted over the fleet, and what differs is known by host', async () => {
  await expect.poll(states).toEqual({ active: 3 });
  await sh(
    'node2',
    `mkdir -p ${dropIn.replace(/\/[^/]+$/, '')}; printf '[Service]\\nNice=5\\n' >${dropIn}; systemctl daemon-reload`,
  );
  await sh('node3', `systemctl kill -s KILL ${unit}`);
  await expect.poll(states).toEqual({ active: 2, failed: 1 });
  expect(await inState()).toEqual(['node1 active', 'node2 active', 'node3 failed']);
  await sh('node3', `systemctl stop ${unit}; systemctl reset-failed ${unit}`);
  // systemd may keep a stopped unit loaded, or forget it.
  await expect.poll(inState).not.toContain('node3 failed');

  const read = await view.link.call('unit.files', { unit, hosts });
  const byHost = new Map(read.hosts.map((one) => [one.host, one]));
  expect(byHost.get('node1')?.variant).toBe(byHost.get('node3')?.variant);
  expect(byHost.get('node3')).toMatchObject({ load: 'loaded', active: 'inactive', reason: null });
  const differing = byHost.get('node2');
  expect(differing?.paths.at(-1)).toBe(dropIn);
  expect(read.variants[differing?.variant ?? '']?.at(-1)).toEqual({ path: dropIn, text: '[Service]\nNice=5\n' });
  expect(Object.keys(read.variants)).toHaveLength(2);
});

test('a unit that is nowhere is told from one that cannot be read, and a masked one has no text', async () => {
  const { hosts: read } = await view.link.call('unit.files', { unit: 'no-such.service', hosts });
  expect(read.map(({ load, reason: why, variant }) => [load, why, variant])).toEqual(
    hosts.map(() => ['not-found', null, null]),
  );
  await sh('node1', 'systemctl mask --runtime worker@x.service');
  const masked = await view.link.call('unit.files', { unit: 'worker@x.service', hosts: ['node1', 'elsewhere'] });
  expect(masked.hosts[0]).toMatchObject({ load: 'masked', variant: null, reason: null });
  expect(masked.hosts[1]?.reason).toMatchObject({ code: 'unreachable', host: 'elsewhere' });
});

test('a drop-in is removed in stages, and the unit runs as its own file says', async () => {
  const asked = await view.link.call('change.compare', { hosts: ['node2'], path: dropIn, password: null });
  const draft = {
    title: `Remove ${dropIn}`,
    parts: [
      {
        hosts: ['node2'],
        files: [
          { path: dropIn, content: null, mode: null, owner: null, seen: { node2: asked.files[0]?.hash ?? null } },
        ],
        actions: [
          { verb: 'daemon-reload' as const, unit: null },
          { verb: 'restart' as const, unit },
        ],
        validators: [],
        gates: [{ kind: 'unit-active' as const, unit, settleS: 0 }],
      },
    ],
    policy: {
      waves: [],
      spreadOver: null,
      maxUnavailable: 1,
      soakS: 0,
      failureBudget: 0,
      deadmanS: 60,
      confirmOver: 'new-connection' as const,
      window: null,
    },
  };
  const plan = await view.link.call('change.plan', { draft, password: null });
  expect(plan.leftOut).toEqual([]);
  await view.link.call('change.propose', { plan });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await view.link.call('change.act', { id: plan.id, verb: 'start', host: null, password: null });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 50_000);
  const nice = await lab.exec('node2', ['systemctl', 'show', '-p', 'Nice', '--value', unit]);
  expect(nice.stdout.trim()).toBe('0');
  const { variants } = await view.link.call('unit.files', { unit, hosts });
  expect(Object.keys(variants)).toHaveLength(1);
});
