import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectEtcd } from '#core/etcd/connect-etcd.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { hostScriptFolder } from '#core/probes/host-scripts.ts';
import { zincatiId } from '#core/providers/reboot-locks/zincati-id.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { quietLog } from '#kit/etcd.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';
import { type ChangeDraft, defaultWaves } from '#shared/contract/change.ts';
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

/** All members are well, and each is known to run on its host; else what etcd itself says of it. */
async function settled(): Promise<void> {
  for (const { name } of lab.env.hosts) await view.until('host', name, 'link', ({ state }) => state === 'up', 60_000);
  try {
    await view.until(
      'cluster',
      '',
      'etcd',
      ({ state, members }) =>
        state === 'healthy' && members.length === 3 && members.every((one) => one.host !== null && one.state === 'up'),
      60_000,
    );
  } catch (error) {
    const told = ['node1', 'node2', 'node3'].map(async (host) => {
      const { stdout } = await lab.exec(host, [
        'journalctl',
        '-b',
        '-u',
        'etcd',
        '-n',
        '15',
        '--no-pager',
        '-o',
        'cat',
      ]);
      return `${host}:\n${stdout}`;
    });
    throw new Error(`${String(error)}\n${(await Promise.all(told)).join('\n')}`, { cause: error });
  }
}

async function refusal(call: Promise<unknown>): Promise<Problem> {
  return await call.then(
    () => Promise.reject(new Error('answered')),
    (error: unknown) => toProblem(error),
  );
}

const bootId = (host: string) => lab.bootId(host);

/** As an airlock server leaves it; from now on its every value. */
async function watchedLock(max: number) {
  const etcd = connectEtcd(lab.etcdSpec(), { password: async () => null, log: quietLog, scope });
  await etcd.put(lockKey, JSON.stringify({ total_slots: max, holders: [] }));
  const values: string[][] = [];
  await new Promise<void>((resolve) => {
    etcd.watchPrefix(lockKey, null, {
      snapshot: () => resolve(),
      change: ({ changes }) => {
        for (const change of changes)
          if (change.type === 'put')
            values.push((JSON.parse(change.kv.value.toString()) as { holders: string[] }).holders);
      },
      state: () => {},
    });
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
  const parts: ChangeDraft['parts'] = [
    { hosts: ['node2'], files: [], actions: [{ verb: 'start', unit: 'reboot.target' }], gates: [], validators: [] },
    {
      hosts: ['node2'],
      files: [],
      actions: [{ verb: 'restart', unit: 'web.service' }],
      gates: [{ kind: 'command', command: 'sudo reboot', timeoutS: 5 }],
      validators: [],
    },
  ];
  for (const part of parts) {
    const draft = { title: 'Reboot', parts: [part], policy: defaultWaves };
    const change = await view.link.call('change.plan', { draft, password: null });
    expect(change.steps).toEqual([]);
    refused.push(change.leftOut[0]?.reason ?? { code: 'internal', message: 'the change was planned' });
  }
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

test('two consoles that reboot members of etcd at once: one after the other, also where there is no lock', async () => {
  const other = await startTestCore({ clusters: { lab: labCluster(lab) } });
  try {
    const colleague = other.view('lab');
    colleague.link.look({ hosts: ['node1', 'node2', 'node3'], focus: null, hidden: false });
    for (const host of ['node1', 'node2', 'node3']) await colleague.until('host', host, 'facts', () => true, 30_000);
    // Both have seen that the reboots before are over.
    for (const one of [view, colleague])
      await one.until(
        'cluster',
        '',
        'etcd',
        ({ state, members }) => state === 'healthy' && members.length === 3,
        30_000,
      );
    const hosts = ['node1', 'node2'];
    const before = await Promise.all(hosts.map(bootId));
    const states = new Set<string>();
    const stop = view.replica.store.subscribe((state) => states.add(state.records.cluster.get('')?.etcd?.state ?? ''));
    const now = { ...usual, now: true };
    const planned = () =>
      Promise.all([
        view.link.call('hosts.plan-reboot', { hosts: ['node1'], options: now }),
        colleague.link.call('hosts.plan-reboot', { hosts: ['node2'], options: now }),
      ]);
    // The reboot of the test before stands in the way until its member was read since.
    await expect
      .poll(async () => (await planned()).flatMap(({ leftOut }) => leftOut), { timeout: 40_000, interval: 500 })
      .toEqual([]);
    const plans = await planned();
    expect(plans[0].steps[0]?.lock).toContain('There is no reboot lock');
    const started = await Promise.allSettled([
      view.link.call('hosts.reboot', { plan: plans[0], options: now, password: null }),
      colleague.link.call('hosts.reboot', { plan: plans[1], options: now, password: null }),
    ]);
    const done = await Promise.all(
      started.map(async (one, at) => {
        if (one.status === 'rejected') return toProblem(one.reason).code;
        const from = at === 0 ? view : colleague;
        const { outcomes } = await from.until('action', one.value.action, 'progress', ({ done }) => done, 90_000);
        return outcomes[0]?.state;
      }),
    );
    stop();
    // Who comes while the other is on its way waits for it, or is refused where it was seen before it began.
    expect(done.filter((state) => state !== 'done' && state !== 'refused')).toEqual([]);
    expect(done).toContain('done');
    expect(states).not.toContain('no-quorum');
    const after = await Promise.all(hosts.map(bootId));
    expect(after.map((id, at) => id !== before[at])).toEqual(done.map((state) => state === 'done'));
  } finally {
    await other.end();
  }
}, 150_000);

test('a slot whose console ended before it gave it back is given back once its host is in another boot', async () => {
  const lock = await watchedLock(1);
  const { machineId } = await view.until('host', 'node4', 'facts', () => true);
  const id = zincatiId(machineId) ?? '';
  const etcd = connectEtcd(lab.etcdSpec(), { password: async () => null, log: quietLog, scope });
  await etcd.put(lockKey, JSON.stringify({ total_slots: 1, holders: [id] }));
  const slot = {
    v: 1,
    kind: 'airlock',
    asked: '',
    group: 'default',
    id,
    url: '',
    bootId: 'the one before',
    by: 'ada',
    at: Date.now(),
  };
  const put = (decision: string) =>
    etcd.put('/quarterdeck/v1/reboots/held/node4', JSON.stringify({ ...slot, decision }));
  // A change has an owner that goes on with it: only what a person asked for is taken care of.
  await put('change-1');
  await new Promise((resolve) => {
    setTimeout(resolve, 17_000);
  });
  expect(lock.values.at(-1)).toEqual([id]);
  await put('person-1');
  await expect.poll(() => lock.values.at(-1), { timeout: 40_000 }).toEqual([]);
  await expect.poll(async () => (await etcd.get('/quarterdeck/v1/reboots/held/node4')).found).toBe(null);
  await lock.remove();
}, 120_000);

test('the script on the host ends only the boot that was meant, and hears no older owner', async () => {
  const script = await readFile(join(hostScriptFolder(), 'reboot.sh'), 'utf8');
  const run = async (...words: string[]) =>
    (await lab.exec('node4', ['sh', '-c', script, 'quarterdeck-reboot', ...words])).stdout.split('\n')[1];
  const boot = await bootId('node4');
  await lab.exec('node4', ['sh', '-c', 'mkdir -p /run/quarterdeck/reboots && echo 7 >/run/quarterdeck/reboots/d-1']);
  expect(await run('00000000-0000-0000-0000-000000000000', 'd-1', '9', 'note')).toBe('gone-already');
  expect(await run(boot, 'd-1', '6', 'note')).toBe('old-token');
  expect(await run(boot, '../d', '6', 'note')).toMatch(/^failed/);
  expect(await run(boot, 'd-1', '6; reboot', 'note')).toMatch(/^failed/);
  expect(await bootId('node4')).toBe(boot);
  expect(await run(boot, 'd-1', '7', "$(touch /tmp/pwned) `touch /tmp/pwned` '")).toBe('going');
  await expect.poll(() => bootId('node4'), { timeout: 60_000 }).not.toMatch(new RegExp(`^(${boot})?$`));
  expect((await lab.exec('node4', ['test', '-e', '/tmp/pwned'])).exitCode).toBe(1);
}, 90_000);
