import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectEtcd } from '#core/etcd/connect-etcd.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { quietLog } from '#kit/etcd.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';
import { defaultWaves } from '#shared/contract/change.ts';
import { type Problem, toProblem } from '#shared/contract/problem.ts';
import type { RebootOptions } from '#shared/contract/reboot.ts';

const reason = labUnavailable();
const lockKey = 'com.coreos.airlock/groups/default/v1/semaphore';
const usual: RebootOptions = { now: false, windows: null, atOnce: 1 };
let lab: Lab;
let core: TestCore;
let view: TestView;
let scope: Scope;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab();
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = core.view('lab');
  view.link.look({ hosts: lab.env.hosts.map(({ name }) => name), focus: null, hidden: false });
  for (const { name } of lab.env.hosts) await view.until('host', name, 'facts', () => true, 30_000);
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(async () => {
  skipUnless(reason === null, reason ?? '');
  scope = new Scope('reboots');
  await settled();
});
afterEach(() => scope?.end());

/** All members are well, and each is known to run on its host. */
async function settled(): Promise<void> {
  for (const { name } of lab.env.hosts) await view.until('host', name, 'link', ({ state }) => state === 'up', 60_000);
  await view.until(
    'cluster',
    '',
    'etcd',
    ({ state, members }) =>
      state === 'healthy' && members.length === 3 && members.every((one) => one.host !== null && one.state === 'up'),
    60_000,
  );
}

async function refusal(call: Promise<unknown>): Promise<Problem> {
  return await call.then(
    () => Promise.reject(new Error('answered')),
    (error: unknown) => toProblem(error),
  );
}

const bootId = async (host: string) => (await lab.exec(host, ['cat', '/proc/sys/kernel/random/boot_id'])).stdout.trim();

/** As an airlock server leaves it; from now on its every value. */
async function watchedLock(max: number) {
  const etcd = connectEtcd(lab.etcdSpec(), { password: async () => null, log: quietLog, scope });
  await etcd.put(lockKey, JSON.stringify({ total_slots: max, holders: [] }));
  const values: string[][] = [];
  etcd.watchPrefix(lockKey, null, {
    snapshot: () => {},
    change: ({ changes }) => {
      for (const change of changes)
        if (change.type === 'put')
          values.push((JSON.parse(change.kv.value.toString()) as { holders: string[] }).holders);
    },
    state: () => {},
  });
  return { values, remove: () => etcd.delete(lockKey) };
}

test('the lock, one host at a time, another boot exactly once, down on purpose meanwhile, and all of it on record', async () => {
  const lock = await watchedLock(1);
  const hosts = ['node1', 'node4'];
  const before = new Map(await Promise.all(hosts.map(async (host) => [host, await bootId(host)] as const)));
  const plan = await view.link.call('hosts.plan-reboot', { hosts, options: usual });
  expect(plan.leftOut).toEqual([]);
  expect(plan.steps.map(({ host, command, lock }) => [host, command, lock])).toEqual(
    hosts.map((host) => [host, 'sudo systemctl reboot', "It takes airlock's reboot lock of group default."]),
  );
  const marks: string[] = [];
  const healthMeanwhile = new Set<string>();
  view.replica.store.subscribe((state) => {
    for (const host of hosts) {
      const record = state.records.host.get(host);
      if (record?.maintenance && marks.at(-1) !== host) marks.push(host);
      if (record?.maintenance && record.health) healthMeanwhile.add(record.health.state);
    }
  });
  const { action } = await view.link.call('hosts.reboot', { plan, options: usual, password: null });
  const { outcomes } = await view.until('action', action, 'progress', ({ done }) => done, 120_000);
  expect(outcomes.map(({ host, state }) => [host, state])).toEqual(hosts.map((host) => [host, 'done']));
  expect(marks).toEqual(hosts);
  // It is away on purpose: nobody is alarmed.
  expect(healthMeanwhile).toContain('down-on-purpose');
  expect(healthMeanwhile).not.toContain('unreachable');
  expect(healthMeanwhile).not.toContain('failing');
  for (const host of hosts) {
    expect(await bootId(host)).not.toBe(before.get(host));
    expect(view.record('host', host)?.maintenance).toBe(undefined);
    const boots = await lab.exec(host, ['journalctl', '-t', 'quarterdeck', '-b', '-1', '--no-pager', '-o', 'cat']);
    const said = boots.stdout.split('\n').filter((line) => line.includes('reboots this host'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(action);
  }
  expect(lock.values.map((holders) => holders.length)).toEqual([1, 0, 1, 0]);
  expect(lock.values[0]).not.toEqual(lock.values[2]);
  const { entries } = await view.link.call('activity.list', { text: 'reboot', before: null, limit: 10 });
  expect(entries.filter(({ kind }) => kind === 'reboot').map(({ host, outcome }) => [host, outcome])).toEqual([
    ['node4', 'ok'],
    ['node1', 'ok'],
  ]);
  await lock.remove();
}, 200_000);

test('a held lock is waited for and told in words, and a cancelled reboot never happens', async () => {
  const lock = await watchedLock(1);
  const etcd = connectEtcd(lab.etcdSpec(), { password: async () => null, log: quietLog, scope });
  await etcd.put(lockKey, JSON.stringify({ total_slots: 1, holders: ['somebody-else'] }));
  const before = await bootId('node4');
  const plan = await view.link.call('hosts.plan-reboot', { hosts: ['node4'], options: usual });
  expect(plan.steps[0]?.obstacles).toMatchObject([
    { by: 'lock', text: expect.stringContaining('somebody-else') as string },
  ]);
  const { action } = await view.link.call('hosts.reboot', { plan, options: usual, password: null });
  const waits = await view.until(
    'action',
    action,
    'progress',
    ({ outcomes }) => outcomes[0]?.text.includes('somebody-else') === true,
    20_000,
  );
  expect(waits.outcomes[0]?.state).toBe('waiting');
  await view.link.call('reboot.cancel', { action });
  const { outcomes } = await view.until('action', action, 'progress', ({ done }) => done, 20_000);
  expect(outcomes[0]?.state).toBe('cancelled');
  expect(await bootId('node4')).toBe(before);
  await lock.remove();
}, 90_000);

test('who is logged in is seen, warned and waited for, until somebody says now', async () => {
  const words = ['-F', lab.env.sshConfig, '-tt', 'node4', 'echo ready; exec cat'];
  const session = spawn('ssh', words, { stdio: ['pipe', 'pipe', 'ignore'] });
  const screen: string[] = [];
  session.stdout.on('data', (chunk: Buffer) => screen.push(chunk.toString()));
  const ended = once(session, 'close');
  await expect.poll(() => screen.join(''), { timeout: 20_000 }).toContain('ready');
  const plan = await view.link.call('hosts.plan-reboot', { hosts: ['node4'], options: usual });
  expect(plan.steps[0]?.people).toMatchObject([{ name: 'core', tty: expect.stringMatching(/^pts\//) as string }]);
  expect(plan.steps[0]?.obstacles).toMatchObject([
    { by: 'person', text: expect.stringMatching(/^core on pts\/\d+ is logged in; they would be warned/) as string },
  ]);
  const before = await bootId('node4');
  const { action } = await view.link.call('hosts.reboot', { plan, options: usual, password: null });
  await expect.poll(() => screen.join(''), { timeout: 20_000 }).toMatch(/reboots this host in 5 minutes/);
  const waits = await view.until(
    'action',
    action,
    'progress',
    ({ outcomes }) => (outcomes[0]?.text ?? '') !== '',
    20_000,
  );
  expect(waits.outcomes[0]).toMatchObject({
    state: 'waiting',
    text: expect.stringContaining('core on pts/') as string,
  });
  expect(await bootId('node4')).toBe(before);
  await view.link.call('reboot.now', { action, host: 'node4' });
  const { outcomes } = await view.until('action', action, 'progress', ({ done }) => done, 90_000);
  expect(outcomes[0]?.state).toBe('done');
  expect(await bootId('node4')).not.toBe(before);
  await ended;
}, 150_000);

test('quorum is sacred: with a member down, every path to reboot another etcd host is refused, also through the API', async () => {
  const before = await bootId('node2');
  const early = await view.link.call('hosts.plan-reboot', { hosts: ['node2'], options: usual });
  const unit = { hosts: ['node2'], unit: 'reboot.target', verb: 'start' as const };
  const earlyUnit = await view.link.call('unit.plan', unit);
  expect(earlyUnit.steps).toHaveLength(1);
  await lab.exec('node3', ['systemctl', 'stop', 'etcd.service']);
  await view.until('cluster', '', 'etcd', ({ state }) => state === 'degraded', 30_000);
  const sum = /without it 1 of 3 would be left, and quorum is 2/;

  const late = await view.link.call('hosts.plan-reboot', { hosts: ['node2'], options: usual });
  expect(late.steps).toEqual([]);
  expect(late.leftOut[0]?.reason).toMatchObject({ code: 'refused', message: expect.stringMatching(sum) as string });
  const refused: Problem[] = [
    await refusal(view.link.call('hosts.reboot', { plan: early, options: usual, password: null })),
    await refusal(view.link.call('hosts.reboot', { plan: early, options: { ...usual, now: true }, password: null })),
    await refusal(view.link.call('unit.act', { plan: earlyUnit, password: null })),
  ];
  for (const one of ['poweroff.target', 'halt.target', 'kexec.target', 'systemd-reboot.service', 'reboot.target']) {
    const { leftOut } = await view.link.call('unit.plan', { ...unit, unit: one });
    refused.push(leftOut[0]?.reason ?? { code: 'internal', message: `${one} was planned` });
  }
  for (const verb of ['stop', 'restart', 'disable'] as const) {
    const { leftOut } = await view.link.call('unit.plan', { ...unit, unit: 'etcd.service', verb });
    refused.push(leftOut[0]?.reason ?? { code: 'internal', message: `${verb} of etcd was planned` });
  }
  for (const command of [
    'reboot',
    'sudo shutdown -r now',
    'sudo sh -c "sleep 1; systemctl reboot"',
    'sudo systemctl stop etcd',
  ])
    for (const elevate of [false, true])
      refused.push(
        await refusal(
          view.link.call('ask.start', { hosts: ['node4', 'node2'], command, timeoutS: 10, elevate, password: null }),
        ),
      );
  const actions = [{ verb: 'start', unit: 'reboot.target' } as const];
  const draft = {
    title: 'Reboot',
    parts: [{ hosts: ['node2'], files: [], actions, gates: [], validators: [] }],
    policy: defaultWaves,
  };
  const change = await view.link.call('change.plan', { draft, password: null });
  expect(change.steps).toEqual([]);
  refused.push(change.leftOut[0]?.reason ?? { code: 'internal', message: 'the change was planned' });
  expect(refused.filter(({ code, message }) => code !== 'refused' || !sum.test(message))).toEqual([]);

  // Whoever has no vote may go, and so may the one that is down, to mend it.
  const others = await view.link.call('hosts.plan-reboot', { hosts: ['node3', 'node4'], options: usual });
  expect(others.leftOut).toEqual([]);
  expect(await bootId('node2')).toBe(before);
  await lab.exec('node3', ['systemctl', 'start', 'etcd.service']);
}, 120_000);

test('all members at once are never taken down, however they are asked to', async () => {
  const hosts = ['node1', 'node2', 'node3'];
  const before = await Promise.all(hosts.map(bootId));
  const input = { hosts, command: 'systemctl reboot', timeoutS: 20, elevate: true, password: null };
  const { run } = await view.link.call('ask.start', input);
  await view.until('ask', run, 'progress', ({ state }) => state === 'done', 60_000);
  const told = view.record('ask', run)?.progress?.groups ?? [];
  expect(told.filter(({ state }) => state === 'refused').flatMap((group) => group.hosts)).toHaveLength(2);
  await settled();
  const after = await Promise.all(hosts.map(bootId));
  expect(after.filter((id, at) => id !== before[at])).toHaveLength(1);
}, 120_000);
