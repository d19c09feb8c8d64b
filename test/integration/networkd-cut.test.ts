import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangePlan } from '#shared/contract/change.ts';
import { suggestedGates, suggestedSteps } from '#shared/lib/change/suggest.ts';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { litterScript } from '#kit/change-bench.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { oneFile } from '#kit/one-file.ts';
import { startConsoleProcess } from '#kit/console-process.ts';
import { windowUnavailable } from '#kit/window.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
const path = '/etc/systemd/network/10-eth0.network';
let lab: Lab;
let core: TestCore;
let view: TestView;
let address: string;

/** Past the network and sshd of the host. */
const root = async (script: string) => (await lab.exec('node1', ['sh', '-c', script])).stdout.trim();
const addresses = () => root("ip -4 -o addr show eth0 | awk '{print $4}'");
const network = (own: string) => `[Match]\nName=eth0\n\n[Network]\nAddress=${own}\n`;

async function openConsole(): Promise<void> {
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = core.view('lab');
  view.link.look({ hosts: ['node1'], focus: null, hidden: false });
  await view.until('host', 'node1', 'link', ({ state }) => state === 'up', 30_000);
}

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['debian'], etcd: 'none' });
  address = await addresses();
  await root(`printf '${network(address)}' >${path}; ip addr flush dev eth0; systemctl start systemd-networkd`);
  await root('for i in $(seq 75); do networkctl list eth0 --no-legend | grep -q configured && break; sleep .2; done');
  await openConsole();
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

async function started(text: string, from = view): Promise<ChangePlan> {
  const actions = suggestedSteps(path);
  // The gates that the window proposes: networkd does what it was told after it said that it reloaded.
  const gates = suggestedGates(actions);
  const draft = oneFile(['node1'], path, text, { title: 'Move', actions, gates, policy: { deadmanS: 15 } });
  const plan = await from.link.call('change.plan', { draft, password: null });
  await from.link.call('change.propose', { plan });
  await from.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await from.link.call('change.act', { id: plan.id, verb: 'start', host: null, password: null });
  return plan;
}

const wrong = '198.18.77.77/24';

test('a networkd file that cuts the host off is taken back by the host, which is then reached again', async () => {
  const plan = await started(network(wrong));
  await expect.poll(addresses, { timeout: 15_000 }).toBe(wrong);
  await expect.poll(addresses, { timeout: 40_000 }).toBe(address);
  await view.until('host', 'node1', 'link', ({ state }) => state === 'up', 60_000);
  const paused = await view.until('change', plan.id, 'progress', ({ state }) => state === 'paused', 60_000);
  expect(paused.text).toContain('node1');
  expect(await root(`cat ${path}`)).toBe(network(address).trim());
  await view.link.call('change.act', { id: plan.id, verb: 'stop', host: null, password: null });
});

test('so it is when the console is killed as the host is cut off', async () => {
  skipUnless(windowUnavailable() === null, windowUnavailable() ?? '');
  const dying = await startConsoleProcess('lab', { clusters: { lab: labCluster(lab) } });
  try {
    dying.view.link.look({ hosts: ['node1'], focus: null, hidden: false });
    await dying.view.until('host', 'node1', 'link', ({ state }) => state === 'up', 30_000);
    await started(network(wrong), dying.view);
    await expect.poll(addresses, { timeout: 15_000 }).toBe(wrong);
    await dying.kill();
  } finally {
    await dying.end();
  }
  await expect.poll(addresses, { timeout: 40_000 }).toBe(address);
  expect(await root(`cat ${path}`)).toBe(network(address).trim());
  await expect.poll(() => root(litterScript), { timeout: 10_000 }).toBe('');
  await view.until('host', 'node1', 'link', ({ state }) => state === 'up', 60_000);
});

test('a right networkd file stays, the host is reached over it, and nothing is left behind', async () => {
  const both = `${network(address)}Address=198.18.77.78/24\n`;
  const plan = await started(both);
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 60_000);
  expect((await addresses()).split('\n').toSorted()).toEqual([address, '198.18.77.78/24'].toSorted());
  expect(await root(`cat ${path}`)).toBe(both.trim());
  expect(await root(litterScript)).toBe('');
  await view.until('host', 'node1', 'link', ({ state }) => state === 'up', 30_000);
});
