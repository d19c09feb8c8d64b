import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangePlan, ChangeVerb, Gate } from '#shared/contract/change.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { litterScript } from '#kit/change-bench.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { type CutCluster, cutCluster } from '#kit/cut-cluster.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { oneFile } from '#kit/one-file.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
const hosts = ['node1', 'node2', 'node3', 'node4', 'node5', 'node6'];
const path = '/etc/qd-app.conf';
const scope = new Scope('a network that is cut');
let lab: Lab;
let network: CutCluster;
const cores: TestCore[] = [];
let ada: TestView;
let bob: TestView;

async function openConsole(text: string): Promise<TestView> {
  const core = await startTestCore({ clusters: { lab: text }, expectedWarnings: [/no longer driven from here/] });
  cores.push(core);
  const view = core.view('lab');
  view.link.look({ hosts, focus: null, hidden: false });
  for (const name of hosts) await view.until('host', name, 'link', ({ state }) => state === 'up', 30_000);
  return view;
}

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: hosts.map(() => 'debian') });
  network = await cutCluster(scope, lab);
  ada = await openConsole(network.text);
  bob = await openConsole(labCluster(lab));
});
afterAll(async () => {
  for (const core of cores) await core.end();
  await scope.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(async () => {
  skipUnless(reason === null, reason ?? '');
  for (const host of hosts) {
    await root(host, `printf 'workers = 4\\n' >${path}`);
    await root(
      host,
      "printf '[Service]\\nExecStartPre=/bin/sleep 2\\nExecStart=/bin/sleep infinity\\n' >/etc/systemd/system/qd-app.service",
    );
    await root(host, 'systemctl daemon-reload; systemctl restart qd-app');
  }
});

/** From outside: root's own shell on the host, not Quarterdeck. */
const root = async (host: string, script: string) => (await lab.exec(host, ['sh', '-c', script])).stdout.trim();
const act = (view: TestView, id: string, verb: ChangeVerb) =>
  view.link.call('change.act', { id, verb, host: null, password: null });
const written = (host: string, id: string) =>
  root(host, `grep -c ' ${id} [0-9]* written ' /var/lib/quarterdeck/journal`);

const active: Gate = { kind: 'unit-active', unit: 'qd-app.service', settleS: 1 };

async function started(content: string, deadmanS: number, gate = active): Promise<ChangePlan> {
  const draft = oneFile(hosts, path, content, {
    title: 'Set workers',
    actions: [{ verb: 'restart', unit: 'qd-app.service' }],
    gates: [gate],
    policy: { waves: [{ size: 1, unit: 'hosts' }], maxUnavailable: 2, deadmanS },
  });
  const plan = await ada.link.call('change.plan', { draft, password: null });
  await ada.link.call('change.propose', { plan });
  for (const view of [ada, bob]) await view.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await act(ada, plan.id, 'start');
  return plan;
}

test('the console’s network is cut in mid-wave: another takes over, every host is written once, no step is lost', async () => {
  const plan = await started('workers = 8\n', 90);
  // One is done, two are at it, three wait.
  await bob.until('change', plan.id, 'hosts', (all) => all[0]?.state === 'done', 40_000);
  await bob.until('change', plan.id, 'hosts', (all) =>
    all.some(({ wave, state }) => wave === 1 && state === 'applying'),
  );
  network.cut(true);
  await bob.until('change', plan.id, 'owner', ({ owner }) => owner === null, 30_000);
  await act(bob, plan.id, 'take-over');
  await bob.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 90_000);
  network.cut(false);
  // The old owner, when it can hear again, is told who drives it, and drives nothing.
  await ada.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 60_000);
  await ada.until('change', plan.id, 'owner', ({ owner }) => owner === null);
  for (const name of hosts) await ada.until('host', name, 'link', ({ state }) => state === 'up', 60_000);
  const { hosts: ended } = await bob.link.call('change.read', { id: plan.id });
  for (const { host, state, evidence } of ended) {
    const steps = evidence.map(({ step }) => step);
    expect([host, state]).toEqual([host, 'done']);
    expect(steps).toEqual(expect.arrayContaining(['written', 'acted', 'applied', 'confirmed']));
    expect([host, await written(host, plan.id)]).toEqual([host, '1']);
    expect([host, await root(host, `cat ${path}; systemctl is-active qd-app`)]).toEqual([host, 'workers = 8\nactive']);
    expect([host, await root(host, litterScript)]).toEqual([host, '']);
  }
});

test('who takes over while a host that was begun is away waits for it', async () => {
  const plan = await started('workers = 12\n', 90);
  await bob.until('change', plan.id, 'hosts', (all) => all[0]?.state === 'done', 40_000);
  const [away] = plan.waves[1] ?? [];
  await expect.poll(() => written(away ?? '', plan.id), { timeout: 40_000 }).toBe('1');
  network.cut(true);
  await root(away ?? '', 'systemctl stop ssh; pkill -KILL sshd');
  await bob.until('change', plan.id, 'owner', ({ owner }) => owner === null, 30_000);
  await act(bob, plan.id, 'take-over');
  await new Promise((resolve) => setTimeout(resolve, 4000));
  await root(away ?? '', 'systemctl start ssh');
  await bob.until('change', plan.id, 'progress', ({ state }) => state !== 'running', 90_000);
  network.cut(false);
  const { hosts: ended } = await bob.link.call('change.read', { id: plan.id });
  expect(ended.map(({ host, state }) => [host, state])).toEqual(hosts.map((host) => [host, 'done']));
  for (const name of hosts) {
    expect([name, await written(name, plan.id)]).toEqual([name, '1']);
    expect([name, await root(name, litterScript)]).toEqual([name, '']);
  }
  for (const name of hosts) await ada.until('host', name, 'link', ({ state }) => state === 'up', 60_000);
});

test('a host whose network is cut after it was written takes the change back by itself, and the change says so', async () => {
  const plan = await started('workers = 16\n', 15);
  const last = plan.waves.at(-1)?.at(-1) ?? '';
  await expect.poll(() => written(last, plan.id), { timeout: 60_000 }).toBe('1');
  await lab.partition(last);
  try {
    const restored = () => root(last, `grep -c ' ${plan.id} [0-9]* restored ' /var/lib/quarterdeck/journal`);
    await expect.poll(restored, { timeout: 60_000 }).toBe('1');
    expect(await root(last, `cat ${path}`)).toBe('workers = 4');
  } finally {
    await lab.heal(last);
  }
  const paused = await ada.until('change', plan.id, 'progress', ({ state }) => state === 'paused', 90_000);
  expect(paused.text).toContain(last);
  await ada.until('host', last, 'link', ({ state }) => state === 'up', 60_000);
  const ended = ada.record('change', plan.id)?.hosts ?? [];
  expect(ended.filter(({ host }) => host !== last).map(({ state }) => state)).toEqual(hosts.slice(1).map(() => 'done'));
  const told = ended.find(({ host }) => host === last);
  expect([told?.state, told?.text]).toEqual([
    'restored',
    'nobody confirmed it in time: the host took it back by itself',
  ]);
  expect(await root(last, litterScript)).toBe('');
  await act(ada, plan.id, 'retry-failed');
  await ada.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 60_000);
  for (const host of hosts) expect([host, await root(host, `cat ${path}`)]).toEqual([host, 'workers = 16']);
});

test('a host that is cut off while it takes the change back tells so once it is back', async () => {
  const cuts = '(sleep 1; systemctl stop ssh; pkill -KILL sshd) >/dev/null 2>&1 & exit 1';
  const plan = await started('workers = 24\n', 90, { kind: 'command', command: cuts, timeoutS: 10 });
  const canary = plan.waves[0]?.[0] ?? '';
  await ada.until('change', plan.id, 'hosts', (all) => all[0]?.state === 'verifying', 40_000);
  await ada.until('host', canary, 'link', ({ state }) => state !== 'up', 40_000);
  await new Promise((resolve) => setTimeout(resolve, 4000));
  await root(canary, 'systemctl start ssh');
  await ada.until('change', plan.id, 'progress', ({ state }) => state === 'paused', 60_000);
  const told = ada.record('change', plan.id)?.hosts?.[0];
  expect([told?.state, told?.text]).toEqual(['restored', `command ${cuts}: exit 1`]);
  expect(await root(canary, `cat ${path}`)).toBe('workers = 4');
  await act(ada, plan.id, 'stop');
});

test('a host that is waited for is tried again within seconds, though nobody looks at it', async () => {
  for (const { link } of [ada, bob]) link.look({ hosts: [], focus: null, hidden: false });
  const plan = await started('workers = 32\n', 90);
  const canary = plan.waves[0]?.[0] ?? '';
  await expect.poll(() => written(canary, plan.id), { timeout: 60_000 }).toBe('1');
  await root(canary, 'systemctl stop ssh; pkill -KILL sshd');
  const waits: number[] = [];
  const until = performance.now() + 30_000;
  while (performance.now() < until) {
    const link = ada.record('host', canary)?.link;
    if (link?.retryAt) waits.push(link.retryAt - link.since);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await root(canary, 'systemctl start ssh');
  expect(Math.max(...waits)).toBeGreaterThan(3000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(8000);
  await ada.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 90_000);
  const { hosts: ended } = await ada.link.call('change.read', { id: plan.id });
  expect(ended.map(({ state }) => state)).toEqual(hosts.map(() => 'done'));
  const away = ended[0]?.evidence.filter(({ step }) => step === 'read not possible') ?? [];
  expect([1, 2]).toContain(away.length);
});
