import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangePlan } from '#shared/contract/change.ts';
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
const path = '/etc/ssh/sshd_config.d/50-port.conf';
let lab: Lab;
let core: TestCore;
let view: TestView;

async function openConsole(): Promise<void> {
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = core.view('lab');
  view.link.look({ hosts: ['node1', 'node2'], focus: null, hidden: false });
  for (const name of ['node1', 'node2']) await view.until('host', name, 'link', ({ state }) => state === 'up', 30_000);
}

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['debian', 'debian'] });
  await openConsole();
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

/** Past the network and sshd of the host. */
const root = async (script: string) => (await lab.exec('node1', ['sh', '-c', script])).stdout.trim();
const listening = () => root("ss -H -l -t -n | sed 's/.*:\\([0-9]*\\) .*/\\1/' | sort -un | grep -x -e 22 -e 2299");

/** On every host: no timer, no guard for the next boot, no unit, no backup, no file beside a file. */
async function nothingLeft(): Promise<void> {
  for (const host of ['node1', 'node2']) {
    const left = await lab.exec(host, ['sh', '-c', litterScript]);
    expect([host, left.stdout]).toEqual([host, '']);
  }
}

async function started(content: string, from = view): Promise<ChangePlan> {
  const draft = oneFile(['node1', 'node2'], path, content, {
    title: 'Move sshd',
    actions: [{ verb: 'restart', unit: 'ssh.service' }],
    gates: [{ kind: 'unit-active', unit: 'ssh.service', settleS: 1 }],
    policy: { deadmanS: 10 },
  });
  const plan = await from.link.call('change.plan', { draft, password: null });
  expect(plan.steps[0]?.validators.map(({ name }) => name)).toEqual(['sshd -t']);
  await from.link.call('change.propose', { plan });
  await from.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await from.link.call('change.act', { id: plan.id, verb: 'start', host: null, password: null });
  return plan;
}

test('a wrong port of sshd locks nobody out: every gate passes, but no new connection comes, and it is put back', async () => {
  const plan = await started('Port 2299\n');
  await expect.poll(listening, { timeout: 15_000 }).toBe('2299');
  const paused = await view.until('change', plan.id, 'progress', ({ state }) => state === 'paused', 60_000);
  expect(paused.text).toContain('node1: it could not be reached again in time');
  expect(view.record('change', plan.id)?.hosts?.map(({ state }) => state)).toEqual(['restored', 'waiting']);
  expect(await listening()).toBe('22');
  expect(await root(`ls ${path} 2>/dev/null`)).toBe('');
  await nothingLeft();
  await view.link.call('change.act', { id: plan.id, verb: 'stop', host: null, password: null });
});

test('what sshd itself refuses never gets as far', async () => {
  const plan = await started('Prot 2299\n');
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'paused', 30_000);
  const { evidence } = await view.link.call('change.host', { id: plan.id, host: 'node1' });
  expect(evidence.find(({ step }) => step === 'invalid')?.text).toMatch(/sshd -t refuses .*Prot/);
  expect(await listening()).toBe('22');
  await view.link.call('change.act', { id: plan.id, verb: 'stop', host: null, password: null });
});

test('the console is killed after it applied: the host undoes it by itself', async () => {
  let plan: ChangePlan;
  skipUnless(windowUnavailable() === null, windowUnavailable() ?? '');
  const dying = await startConsoleProcess('lab', { clusters: { lab: labCluster(lab) } });
  try {
    dying.view.link.look({ hosts: ['node1', 'node2'], focus: null, hidden: false });
    for (const name of ['node1', 'node2'])
      await dying.view.until('host', name, 'link', ({ state }) => state === 'up', 30_000);
    plan = await started('Port 2299\n', dying.view);
    await expect.poll(listening, { timeout: 15_000 }).toBe('2299');
    await dying.kill();
  } finally {
    await dying.end();
  }
  await expect.poll(listening, { timeout: 30_000 }).toBe('22');
  expect(await root(`ls ${path} 2>/dev/null`)).toBe('');
  await nothingLeft();
  // Who takes it over reads on the host what became of it, and does nothing there again.
  await view.until('change', plan.id, 'owner', ({ owner }) => owner === null, 20_000);
  await view.link.call('change.act', { id: plan.id, verb: 'take-over', host: null, password: null });
  const paused = await view.until('change', plan.id, 'progress', ({ state }) => state === 'paused', 30_000);
  expect(paused.text).toContain('nobody confirmed it in time: the host took it back by itself');
  await view.link.call('change.act', { id: plan.id, verb: 'stop', host: null, password: null });
});

test('a right change of sshd stays, with nothing left behind', async () => {
  const plan = await started('ClientAliveInterval 77\n');
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 60_000);
  for (const host of ['node1', 'node2'])
    expect((await lab.exec(host, ['sh', '-c', `cat ${path}; systemctl is-active ssh`])).stdout).toBe(
      'ClientAliveInterval 77\nactive\n',
    );
  await nothingLeft();
});
