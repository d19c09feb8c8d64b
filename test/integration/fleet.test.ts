import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
let lab: Lab;
let core: TestCore;
let view: TestView;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab();
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = core.view('lab');
  view.link.look({ hosts: lab.env.hosts.map(({ name }) => name), focus: 'node1', hidden: false });
  for (const { name } of lab.env.hosts) await view.until('host', name, 'units', ({ total }) => total > 20, 30_000);
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

describe('what every host shows', () => {
  test('units come over the bus, facts and samples are true', async () => {
    const link = await view.until('host', 'node1', 'link', ({ units }) => units === 'dbus');
    expect(link).toMatchObject({ state: 'up', sampler: 'awk' });
    const facts = await view.until('host', 'node1', 'facts', () => true);
    const machineId = (await lab.exec('node1', ['cat', '/etc/machine-id'])).stdout.trim();
    // Debian's sudo leaves a file at its first use, so that looking does not use it.
    expect(facts).toMatchObject({ family: 'flatcar', machineId, elevation: 'unknown' });
    const load = await view.until('host', 'node1', 'load', () => true);
    expect(load.memoryTotalBytes).toBeGreaterThan(1e9);
    await view.until('host', 'node1', 'disks', ({ mounts }) => mounts.length > 0);
  });

  test('the etcd of the cluster is healthy and its members are hosts', async () => {
    const etcd = await view.until('cluster', '', 'etcd', ({ state }) => state === 'healthy');
    expect(new Set(etcd.members.map(({ host }) => host))).toEqual(new Set(['node1', 'node2', 'node3']));
  });

  test('without quorum the host of the member that is left says so', async () => {
    for (const name of ['node1', 'node2']) await lab.exec(name, ['systemctl', 'stop', 'etcd.service']);
    const { reasons } = await view.until('host', 'node3', 'health', ({ state }) => state === 'failing', 20_000);
    expect(reasons[0]).toMatchObject({ code: 'etcd-member', subject: expect.stringMatching(/./) });
    expect(reasons[0]?.text).toMatch(/lost its quorum: nothing can be written$/);
    for (const name of ['node1', 'node2']) await lab.exec(name, ['systemctl', 'start', '--no-block', 'etcd.service']);
    await view.until('host', 'node3', 'health', ({ state }) => state === 'healthy', 30_000);
  });

  test('a file system that turns read-only is failing until it can be written to again', async () => {
    await lab.exec('node4', ['mount', '-t', 'tmpfs', '-o', 'size=8m', 'scratch', '/tmp']);
    /** Who begins to look at a host sees what is not older than five seconds. */
    const readAgain = async () => {
      await sleep(5_500);
      view.link.look({ hosts: [], focus: null, hidden: false });
      await sleep(200);
      view.link.look({ hosts: lab.env.hosts.map(({ name }) => name), focus: 'node4', hidden: false });
    };
    const tmp = (readOnly: boolean) =>
      view.until('host', 'node4', 'disks', ({ mounts }) =>
        // The host may have had another one there before.
        mounts.some(({ mount, source, readOnly: is }) => mount === '/tmp' && source === 'scratch' && is === readOnly),
      );
    await readAgain();
    await tmp(false);
    await lab.exec('node4', ['mount', '-o', 'remount,ro', '/tmp']);
    await readAgain();
    await tmp(true);
    // All hosts share this machine's load, which may be a reason of its own.
    const isReadOnly = ({ code, subject }: { readonly code: string; readonly subject: string }) =>
      code === 'disk-read-only' && subject === '/tmp';
    const { state } = await view.until('host', 'node4', 'health', ({ reasons }) => reasons.some(isReadOnly), 10_000);
    expect(state).toBe('failing');
    await lab.exec('node4', ['mount', '-o', 'remount,rw', '/tmp']);
    await readAgain();
    await tmp(false);
    await view.until('host', 'node4', 'health', ({ reasons }) => !reasons.some(isReadOnly), 10_000);
    await lab.exec('node4', ['umount', '/tmp']);
  });

  test('a killed service shows within a second of systemd, and health names it', async () => {
    await lab.exec('node4', ['systemctl', 'start', 'web.service']);
    await sleep(500);
    const from = performance.now();
    await lab.exec('node4', ['systemctl', 'kill', '-s', 'KILL', 'web.service']);
    await view.until(
      'host',
      'node4',
      'units',
      ({ failed }) => failed.some(({ name }) => name === 'web.service'),
      3_000,
    );
    const tookMs = performance.now() - from;
    const health = await view.until('host', 'node4', 'health', ({ state }) => state === 'failing', 3_000);
    expect(health.reasons[0]).toMatchObject({ code: 'unit-failed', subject: 'web.service' });
    console.log(`killed to replica: ${tookMs.toFixed(0)} ms, nsenter included`);
  });
});

describe('a host that asks for passwords', () => {
  test('login is asked in the window, sudo per action; a wrong password changes nothing, and none is kept in a log', async () => {
    const { user, password } = lab.env.password;
    await core.writeCluster(
      'ops',
      labCluster(lab, { hosts: ['node4'], user, etcd: false }).replace(/ {2}keys: .*/, '  keys: []'),
    );
    const operator = core.view(null);
    await operator.until('app', '', 'clusters', (clusters) => clusters.some(({ id }) => id === 'ops'));
    operator.link.open('ops');
    const prompts = await operator.until('cluster', '', 'prompts', (asked) => asked.length > 0);
    await operator.link.call('prompt.answer', { id: prompts[0]?.id ?? '', answers: [password], remember: false });
    await operator.until('host', 'node4', 'facts', () => true, 20_000);
    const pid = async () =>
      (await lab.exec('node4', ['systemctl', 'show', '-P', 'MainPID', 'web.service'])).stdout.trim();
    const before = await pid();
    const plan = await operator.link.call('unit.plan', { hosts: ['node4'], unit: 'web.service', verb: 'restart' });
    expect(plan.steps[0]?.elevation).toBe('sudo-password');
    const act = async (given: string | null) => {
      const { action } = await operator.link.call('unit.act', { plan, password: given });
      return (await operator.until('action', action, 'progress', ({ done }) => done, 30_000)).outcomes[0];
    };
    expect(await act(null)).toMatchObject({ state: 'refused' });
    expect(await act('not it')).toMatchObject({ state: 'refused', text: 'sudo did not accept the password' });
    expect(await pid()).toBe(before);
    expect(await act(password)).toMatchObject({ state: 'done', exitCode: 0 });
    expect(await pid()).not.toBe(before);
    const { entries } = await operator.link.call('activity.list', { text: '', before: null, limit: 100 });
    expect(JSON.stringify(entries)).not.toContain(password);
    expect(core.log.surprises.join('\n')).not.toContain(password);
    operator.end();
  });
});

describe('ask the fleet', () => {
  async function ask(command: string, timeoutS = 10) {
    const { run } = await view.link.call('ask.start', {
      hosts: ['node1', 'node2', 'node3', 'node4'],
      command,
      timeoutS,
      elevate: false,
      password: null,
    });
    return { run, done: () => view.until('ask', run, 'progress', ({ state }) => state !== 'running', 30_000) };
  }

  test('equal answers are one group, different ones stand apart', async () => {
    const { done } = await ask('. /etc/os-release; echo $ID');
    const { groups, answered } = await done();
    expect(answered).toBe(4);
    expect(groups.map(({ hosts, excerpt }) => [excerpt.trim(), hosts.length])).toEqual([
      ['flatcar', 2],
      expect.anything(),
      expect.anything(),
    ]);
  });

  test('a hung host does not delay the others, and its process is gone afterwards', async () => {
    const started = performance.now();
    const { run, done } = await ask('test "$(hostname)" != node2 || sleep 777; echo here', 3);
    await view.until('ask', run, 'progress', ({ answered }) => answered === 3, 2_500);
    expect(performance.now() - started).toBeLessThan(2_500);
    const progress = await done();
    expect(progress).toMatchObject({ answered: 3, silent: 1 });
    await sleep(500);
    expect((await lab.exec('node2', ['pgrep', '-f', '^sleep 777'])).stdout.trim()).toBe('');
  });

  test('cancel ends the remote processes', async () => {
    const { run, done } = await ask('sleep 888', 60);
    await sleep(700);
    expect((await lab.exec('node1', ['pgrep', '-f', 'sleep 888'])).stdout.trim()).not.toBe('');
    await view.link.call('ask.cancel', { run });
    expect((await done()).state).toBe('cancelled');
    await sleep(700);
    expect((await lab.exec('node1', ['pgrep', '-f', '^sleep 888'])).stdout.trim()).toBe('');
  });

  test('100 MB of output, escape sequences and invalid UTF-8 stay bounded and tame', async () => {
    const { run, done } = await ask(
      'if [ "$(hostname)" = node1 ]; then head -c 100000000 /dev/zero | tr "\\0" x; else printf "\\033[31mred\\377\\n"; fi',
      30,
    );
    const { groups } = await done();
    const big = groups.find(({ hosts }) => hosts.includes('node1'));
    expect(big).toMatchObject({ truncated: true });
    const red = groups.find(({ hosts }) => hosts.includes('node2'));
    expect(red?.hosts).toHaveLength(3);
    expect(red?.excerpt).toBe('␛[31mred\ufffd\n');
    const { text } = await view.link.call('ask.output', { run, group: big?.id ?? '' });
    expect(text.length).toBeLessThan(300_000);
  });
});

describe('a host that goes away', () => {
  test.each([
    ['cut', (l: Lab) => l.partition('node3'), (l: Lab) => l.heal('node3')],
    ['frozen', (l: Lab) => l.pause('node3'), (l: Lab) => l.resume('node3')],
  ])('%s: told within five seconds in words, then wholly back', async (_how, away, back) => {
    await view.until('host', 'node3', 'link', ({ state }) => state === 'up', 30_000);
    await away(lab);
    const from = performance.now();
    const link = await view.until(
      'host',
      'node3',
      'link',
      ({ state }) => state === 'degraded' || state === 'lost',
      6_000,
    );
    expect(performance.now() - from).toBeLessThan(5_000);
    expect(link.reason).not.toBe('');
    await view.until('host', 'node3', 'health', ({ state }) => state === 'unreachable', 20_000);
    await back(lab);
    await view.until('host', 'node3', 'link', ({ state, units }) => state === 'up' && units === 'dbus', 45_000);
    await view.until('host', 'node3', 'health', ({ state }) => state === 'healthy', 10_000);
  });

  test('a reboot: back with another boot id, and what was missed is said', async () => {
    const before = await view.until('host', 'node3', 'facts', () => true);
    await lab.reboot('node3');
    const facts = await view.until('host', 'node3', 'facts', ({ bootId }) => bootId !== before.bootId, 60_000);
    expect(facts.machineId).toBe(before.machineId);
    const link = await view.until(
      'host',
      'node3',
      'link',
      ({ state, missed }) => state === 'up' && missed !== null,
      30_000,
    );
    expect(link.missed).toMatch(/reboot/);
  });

  test('down on purpose is its own state with a reason, and can be lifted', async () => {
    await view.link.call('hosts.maintenance', {
      hosts: ['node2'],
      maintenance: { reason: 'new disks', until: Date.now() + 60_000 },
    });
    await view.until('host', 'node2', 'health', ({ state }) => state === 'down-on-purpose');
    await view.link.call('hosts.maintenance', { hosts: ['node2'], maintenance: null });
    const { reasons } = await view.until('host', 'node2', 'health', ({ state }) => state === 'healthy');
    expect(reasons).toEqual([]);
  });
});
