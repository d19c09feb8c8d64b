import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangeDraft, ChangePlan, ChangeVerb, Gate } from '#shared/contract/change.ts';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { oneFile } from '#kit/one-file.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
const hosts = ['node1', 'node2', 'node3'];
const path = '/etc/qd-app.conf';
let lab: Lab;
let core: TestCore;
let view: TestView;

async function openConsole(): Promise<[TestCore, TestView]> {
  const opened = await startTestCore({ clusters: { lab: labCluster(lab) } });
  const its = opened.view('lab');
  its.link.look({ hosts, focus: null, hidden: false });
  for (const name of hosts) await its.until('host', name, 'link', ({ state }) => state === 'up', 30_000);
  return [opened, its];
}

/** The service lives on with `workers = 4`, ends late with `late`, again and again with `loop`; its start may be slow. */
const service = `[Service]
ExecStartPre=/bin/sh -c "! test -e /run/qd-slow || sleep 6"
ExecStart=/bin/sh -c "grep -q late ${path} && { sleep 4; exit 1; }; grep -q loop ${path} && { sleep 3; exit 1; }; exec sleep infinity"
`;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: hosts.map(() => 'debian') });
  [core, view] = await openConsole();
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(async () => {
  skipUnless(reason === null, reason ?? '');
  for (const name of hosts)
    await root(
      name,
      `rm -f /run/qd-*; printf 'workers = 4\\n' >${path}; chmod 640 ${path}; rm -rf /etc/systemd/system/qd-app.service.d
      printf '%s' '${service}' >/etc/systemd/system/qd-app.service
      systemctl daemon-reload; systemctl reset-failed qd-app; systemctl restart qd-app`,
    );
});

/** From outside: root's own shell on the host, not Quarterdeck. */
const root = async (host: string, script: string) => (await lab.exec(host, ['sh', '-c', script])).stdout.trim();
const standing = () => Promise.all(hosts.map((name) => root(name, `cat ${path}; stat -c '%i %Y %a' ${path}`)));
const text = async (host: string) => root(host, `cat ${path}; systemctl is-active qd-app`).catch(() => 'not active');

const active: Gate = { kind: 'unit-active', unit: 'qd-app.service', settleS: 1 };
/** No verdict comes of it while the file is there. */
const mute: Gate = { kind: 'command', command: '! test -e /run/qd-mute || sleep 20', timeoutS: 2 };

async function started(content: string, gates: Gate[], soakS = 6, more: Partial<ChangeDraft['policy']> = {}) {
  const draft = oneFile(hosts, path, content, {
    actions: [{ verb: 'restart', unit: 'qd-app.service' }],
    gates,
    policy: { waves: [{ size: 1, unit: 'hosts' }], soakS, deadmanS: 30, ...more },
  });
  const plan = await view.link.call('change.plan', { draft, password: null });
  await view.link.call('change.propose', { plan });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await act(plan, 'start');
  return plan;
}

const act = ({ id }: ChangePlan, verb: ChangeVerb, host: string | null = null, from: TestView = view) =>
  from.link.call('change.act', { id, verb, host, password: null });
const over = ({ id }: ChangePlan, state: string, from: TestView = view) =>
  from.until('change', id, 'progress', (progress) => progress.state === state, 90_000);
const soaks = ({ id }: ChangePlan) =>
  view.until('change', id, 'progress', ({ soaksUntil }) => soaksUntil !== null, 30_000);
const record = ({ id }: ChangePlan, from: TestView = view) => from.record('change', id)?.hosts ?? [];
const states = (plan: ChangePlan, from: TestView = view) =>
  record(plan, from).map(({ host, state }) => `${host} ${state}`);

test('what fails only while the canary soaks is put back there, and the next wave never begins', async () => {
  const before = await standing();
  const plan = await started('late = yes\n', [active, { kind: 'system-running' }]);
  await soaks(plan);
  expect(states(plan)).toEqual(['node1 done', 'node2 waiting', 'node3 waiting']);
  const { text: why } = await over(plan, 'paused');
  expect(why).toBe('node1: qd-app.service active, looked at again: failed (none may fail)');
  expect(states(plan)).toEqual(['node1 restored', 'node2 waiting', 'node3 waiting']);
  expect(await text('node1')).toBe('workers = 4\nactive');
  // Of the others not even the times moved.
  expect((await standing()).slice(1)).toEqual(before.slice(1));
  const { evidence } = await view.link.call('change.host', { id: plan.id, host: 'node1' });
  expect(evidence.map(({ step }) => step)).toContain('looked again: fail');
  // Tried again it goes the same way: nothing of the first time is taken for the second.
  await act(plan, 'retry-failed');
  await soaks(plan);
  await over(plan, 'paused');
  expect(states(plan)).toEqual(['node1 restored', 'node2 waiting', 'node3 waiting']);
  expect(await text('node1')).toBe('workers = 4\nactive');
  await act(plan, 'stop');
  await over(plan, 'stopped');
}, 120_000);

test('a unit that systemd starts again and again is no better for being up as it is looked at', async () => {
  for (const name of hosts) {
    const folder = '/etc/systemd/system/qd-app.service.d';
    await root(
      name,
      `mkdir -p ${folder}; printf '[Service]\\nRestart=always\\nRestartSec=100ms\\n' >${folder}/loop.conf; systemctl daemon-reload`,
    );
  }
  const plan = await started('loop = yes\n', [active], 9);
  const { text: why } = await over(plan, 'paused');
  expect(why).toMatch(/^node1: qd-app.service active, looked at again: .*started again \d+ times by systemd/);
  expect(states(plan)).toEqual(['node1 restored', 'node2 waiting', 'node3 waiting']);
  await act(plan, 'stop');
  await over(plan, 'stopped');
}, 120_000);

test('of what gives no verdict any more a person decides: kept where they vouch for it, put back where they go on', async () => {
  const kept = await started('workers = 5\n', [active, mute], 2);
  await soaks(kept);
  await root('node1', 'touch /run/qd-mute');
  const { text: why } = await over(kept, 'paused');
  expect(why).toMatch(/^node1: command .*, looked at again: no answer within 2 s$/);
  expect(states(kept)).toEqual(['node1 inconclusive', 'node2 waiting', 'node3 waiting']);
  await act(kept, 'accept', 'node1');
  await view.until('change', kept.id, 'hosts', (all) => all.some(({ state }) => state === 'done'), 30_000);
  // It is not asked for again, though its gate would still give no verdict.
  await act(kept, 'resume');
  expect((await over(kept, 'committed')).text).toBe('3 of 3 hosts');
  expect(record(kept)[0]?.text).toMatch(/^accepted by /);

  const left = await started('workers = 6\n', [active, mute], 2);
  await over(left, 'paused');
  expect(states(left)).toEqual(['node1 inconclusive', 'node2 waiting', 'node3 waiting']);
  await root('node1', 'rm /run/qd-mute');
  await act(left, 'retry-failed');
  await soaks(left);
  await root('node1', 'touch /run/qd-mute');
  await over(left, 'paused');
  await act(left, 'resume');
  await over(left, 'committed');
  expect(states(left)).toEqual(['node1 restored', 'node2 done', 'node3 done']);
  const all = (...numbers: string[]) => numbers.map((number) => `workers = ${number}\nactive`);
  expect(await Promise.all(hosts.map(text))).toEqual(all('5', '6', '6'));
  // What was put back is done once more where that is asked for.
  await root('node1', 'rm /run/qd-mute');
  await act(left, 'retry-failed');
  await view.until('change', left.id, 'hosts', (now) => now.every(({ state }) => state === 'done'), 30_000);
  await over(left, 'committed');
  expect(await Promise.all(hosts.map(text))).toEqual(all('6', '6', '6'));
}, 180_000);

test('a host that is away as it is looked at is waited for', async () => {
  const plan = await started('workers = 7\n', [active], 4);
  await soaks(plan);
  await root('node1', 'systemctl stop ssh; pkill -KILL sshd');
  await view.until('change', plan.id, 'progress', ({ text: now }) => now.startsWith('looking again at 1 host'), 30_000);
  await new Promise((resolve) => {
    setTimeout(resolve, 3000);
  });
  expect(states(plan)).toEqual(['node1 done', 'node2 waiting', 'node3 waiting']);
  await root('node1', 'systemctl start ssh');
  expect((await over(plan, 'committed')).text).toBe('3 of 3 hosts');
}, 120_000);

test('a console that ends while a host is put back: who takes over ends it there, and begins no wave', async () => {
  const [other, its] = await openConsole();
  try {
    const plan = await started('late = yes\n', [active]);
    await soaks(plan);
    await root('node1', 'touch /run/qd-slow');
    await view.until('change', plan.id, 'hosts', (all) => all.some(({ state }) => state === 'undoing'), 30_000);
    await core.end();
    await its.until('change', plan.id, 'owner', ({ owner }) => owner === null, 30_000);
    await act(plan, 'take-over', null, its);
    const { text: why } = await over(plan, 'paused', its);
    expect(why).toBe('node1: qd-app.service active, looked at again: failed (none may fail)');
    expect(states(plan, its)).toEqual(['node1 restored', 'node2 waiting', 'node3 waiting']);
    expect(await text('node1')).toBe('workers = 4\nactive');
    await act(plan, 'stop', null, its);
    await over(plan, 'stopped', its);
  } finally {
    await other.end();
    [core, view] = await openConsole();
  }
}, 120_000);
