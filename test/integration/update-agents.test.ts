import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HostUpdate, UpdatePhase } from '#shared/contract/update.ts';
import { openScopes } from '#core/lib/scope.ts';
import { readUpdate } from '#core/providers/update-agents/read-update.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { releasePackage } from '#kit/package-source.ts';
import { skipUnless } from '#kit/skip.ts';
import { sshAccess } from '#kit/ssh-access.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
let lab: Lab;
let core: TestCore;
let view: TestView;
/** Every update section that was told, by host. */
const told = new Map<string, HostUpdate[]>();

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['flatcar', 'flatcar', 'fcos', 'debian'], etcd: 'none' });
  // As on a host where somebody has used sudo: looking leaves nothing there then.
  for (const { name } of lab.env.hosts) await lab.exec(name, ['touch', '/home/core/.sudo_as_admin_successful']);
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = core.view('lab');
  for (const { name } of lab.env.hosts) {
    const list: HostUpdate[] = [];
    told.set(name, list);
    view.replica.onSection('host', name, 'update', () => {
      const update = view.replica.section('host', name, 'update');
      if (update) list.push(update);
    });
  }
  view.link.look({ hosts: lab.env.hosts.map(({ name }) => name), focus: 'node1', hidden: false });
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const becomes = (host: string, fits: (update: HostUpdate) => boolean, ms = 40_000) =>
  view.until('host', host, 'update', fits, ms);
const phasesOf = (host: string) =>
  (told.get(host) ?? []).map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1]);

interface Case {
  readonly agent: HostUpdate['agent'];
  readonly host: string;
  readonly before: string;
  readonly after: string;
  readonly offer: () => Promise<void>;
  readonly check: readonly string[];
  readonly unit: string;
  /** What its places to boot from are read with. */
  readonly program: string;
  readonly pushed: readonly UpdatePhase[];
}

const cases: readonly Case[] = [
  {
    agent: 'update-engine',
    host: 'node1',
    before: '4152.2.1',
    after: '4230.2.1',
    offer: () => lab.publish('flatcar', 'stable', '4230.2.1', 4),
    check: ['update_engine_client', '-check_for_update'],
    unit: 'update-engine.service',
    program: '/usr/bin/cgpt',
    pushed: ['checking', 'available', 'downloading', 'finalizing', 'staged'],
  },
  {
    agent: 'rpm-ostree',
    host: 'node3',
    before: '41.20250105.3.0',
    after: '42.20250705.3.0',
    offer: () => lab.publish('fcos', 'stable', '42.20250705.3.0', 1),
    check: ['rpm-ostree', 'upgrade'],
    unit: 'zincati.service',
    program: '/usr/bin/rpm-ostree',
    pushed: ['staged'],
  },
];

describe.each(cases)('$agent', ({ agent, host, before, after, offer, check, unit, program, pushed }) => {
  test('is seen idle, with its channel and where that is set', async () => {
    const update = await becomes(host, ({ phase }) => phase === 'idle');
    expect(update).toMatchObject({ agent, agentState: 'running', running: before, offered: null, rebootNeeded: false });
    expect(update.channel).toBe('stable');
    expect(update.problem).toBeNull();
    expect(update.slots.filter(({ booted }) => booted)).toMatchObject([{ version: before, next: true }]);
  });

  test('tells each step of an update as it happens, and waits for a reboot', async () => {
    await offer();
    told.get(host)?.splice(0);
    await lab.exec(host, check);
    const staged = await becomes(host, ({ phase, slots }) => phase === 'staged' && slots.some((slot) => slot.staged));
    expect(phasesOf(host)).toEqual(expect.arrayContaining([...pushed]));
    expect(staged).toMatchObject({ offered: after, running: before, rebootNeeded: true });
    expect(staged.slots.find(({ next }) => next)).toMatchObject({ version: after, booted: false, staged: true });
    expect(staged.heldBy.length).toBeGreaterThan(0);
  });

  test('runs the new version after the reboot', async () => {
    await lab.reboot(host);
    const update = await becomes(host, ({ running, phase }) => running === after && phase === 'idle', 60_000);
    expect(update).toMatchObject({ offered: null, rebootNeeded: false });
    expect(update.slots.find(({ booted }) => booted)).toMatchObject({ version: after });
  }, 150_000);

  test('is told masked, and running again', async () => {
    await lab.exec(host, ['systemctl', 'mask', '--now', unit]);
    const masked = await becomes(host, ({ agentState }) => agentState === 'masked');
    expect(masked).toMatchObject({ phase: 'disabled', running: after });
    expect(masked.heldBy.map(({ by }) => by)).toContain('agent');
    await lab.exec(host, ['systemctl', 'unmask', unit]);
    await lab.exec(host, ['systemctl', 'start', unit]);
    await becomes(host, ({ agentState, phase }) => agentState === 'running' && phase === 'idle');
  });

  test('is not believed when its tools print rubbish, and read again when they do not', async () => {
    const rubbish = '#!/bin/sh\nhead -c 300000 /dev/urandom; echo; echo "== end"; echo "device=/dev/sda3"\n';
    await lab.exec(host, ['sh', '-c', 'printf "%b" "$1" >/run/rubbish; chmod +x /run/rubbish', 'sh', rubbish]);
    await lab.exec(host, ['mount', '--bind', '/run/rubbish', program]);
    await lab.exec(host, ['systemctl', 'restart', unit]);
    const update = await becomes(host, ({ slots, agentState }) => slots.length === 0 && agentState !== 'stopped');
    expect(update.running).not.toBe('');
    expect(JSON.stringify(update).length).toBeLessThan(20_000);
    await lab.exec(host, ['umount', '-l', program]);
    await lab.exec(host, ['systemctl', 'restart', unit]);
    await becomes(host, ({ slots, problem }) => slots.length > 0 && problem === null);
  });
});

describe('update-engine, in what only it has', () => {
  test('is asked by its client where the bus cannot be reached, and that is said', async () => {
    const access = await sshAccess(lab.env.sshConfig, 'node2');
    const facts = await view.until('host', 'node2', 'facts', () => true);
    access.refuseBus('sshd forbids it');
    const { update } = await readUpdate(access, facts, undefined, Date.now);
    expect(update).toMatchObject({ how: 'client', agentState: 'running', phase: 'idle', problem: null });
    expect(update.facts).toContainEqual({
      name: 'Not over the bus',
      value: 'sshd forbids it',
      source: 'com.coreos.update1',
    });
    await access.end();
  });

  test('says so where the login user may not ask it, and shows what files tell', async () => {
    // The policy of update_engine lets root and core in, nobody else.
    const access = await sshAccess(lab.env.sshConfig, 'node2', 'other');
    await lab.exec('node2', ['useradd', '--create-home', 'other']);
    await lab.exec('node2', ['cp', '-r', '/home/core/.ssh', '/home/other/']);
    await lab.exec('node2', ['chown', '-R', 'other:', '/home/other/.ssh']);
    const facts = await view.until('host', 'node2', 'facts', () => true);
    const { update } = await readUpdate(access, { ...facts, elevation: 'none' }, undefined, Date.now);
    expect(update).toMatchObject({ agentState: 'unreadable', phase: 'unknown', channel: 'stable', slots: [] });
    expect(update.problem).toMatchObject({ code: 'permission', host: 'node2' });
    await access.end();
  });

  test('has each setting from the first file that has it', async () => {
    const access = await sshAccess(lab.env.sshConfig, 'node2');
    const facts = await view.until('host', 'node2', 'facts', () => true);
    const write = (text: string) =>
      lab.exec('node2', ['sh', '-c', 'printf %b "$1" >/etc/flatcar/update.conf', 'sh', text]);
    await write('SERVER=disabled\nREBOOT_STRATEGY=off\n');
    const { update } = await readUpdate(access, facts, undefined, Date.now);
    expect(update).toMatchObject({
      channel: 'stable',
      channelSource: '/usr/share/flatcar/update.conf',
      server: null,
      phase: 'disabled',
    });
    expect(update.heldBy).toContainEqual({
      by: 'policy',
      text: 'Updates are switched off: SERVER=disabled in /etc/flatcar/update.conf.',
    });
    await write('GROUP=stable\nREBOOT_STRATEGY=off\n');
    await access.end();
  });

  test('pushes progress, and health says updating meanwhile', async () => {
    await lab.publish('flatcar', 'stable', '4230.2.9', 6);
    await becomes('node2', ({ phase }) => phase === 'idle');
    told.get('node2')?.splice(0);
    await lab.exec('node2', ['update_engine_client', '-check_for_update']);
    const health = await view.until('host', 'node2', 'health', ({ reasons }) =>
      reasons.some(({ code }) => code === 'updating'),
    );
    expect(health.reasons.find(({ code }) => code === 'updating')?.text).toBe('Downloads 4230.2.9');
    await becomes('node2', ({ phase }) => phase === 'staged');
    const progress = (told.get('node2') ?? []).map((update) => update.progress ?? 0);
    expect(new Set(progress).size).toBeGreaterThan(8);
    expect(told.get('node2')?.some(({ how }) => how === 'bus')).toBe(true);
  });

  test('knows the version in place, and that one waits, when the agent was started anew or is stopped', async () => {
    await lab.exec('node2', ['systemctl', 'restart', 'update-engine.service']);
    await becomes(
      'node2',
      ({ phase, agentState, offered }) => phase === 'staged' && agentState === 'running' && offered === '4230.2.9',
    );
    await lab.exec('node2', ['systemctl', 'stop', 'update-engine.service']);
    const stopped = await becomes('node2', ({ agentState }) => agentState === 'stopped');
    expect(stopped).toMatchObject({ how: 'files', phase: 'staged', rebootNeeded: true });
    expect(stopped.heldBy.map(({ by }) => by)).toContain('agent');
    // Looking must not have started it.
    expect((await lab.exec('node2', ['systemctl', 'is-active', 'update-engine.service'])).stdout.trim()).toBe(
      'inactive',
    );
    await lab.exec('node2', ['systemctl', 'start', 'update-engine.service']);
    await becomes('node2', ({ agentState, how }) => agentState === 'running' && how === 'bus');
  });

  test('a failed update is told, and then that nothing is pending', async () => {
    await lab.exec('node2', ['update_engine_client', '-reset_status']);
    await becomes('node2', ({ phase }) => phase === 'idle');
    await lab.publish('flatcar', 'stable', 'error', 2);
    told.get('node2')?.splice(0);
    await lab.exec('node2', ['update_engine_client', '-check_for_update']);
    await becomes('node2', ({ phase }) => phase === 'failed');
    await becomes('node2', ({ phase }) => phase === 'idle');
    expect(phasesOf('node2')).toEqual(expect.arrayContaining(['downloading', 'failed', 'idle']));
  });
});

describe('apt', () => {
  const release = (version: string) => releasePackage(lab, 'node4', version);

  test('is seen with nothing waiting, then with a security update, then held', async () => {
    const idle = await becomes('node4', ({ agent, phase }) => agent === 'apt' && phase === 'idle');
    expect(idle).toMatchObject({ pending: { total: 0 }, strategy: { name: 'by-hand' }, problem: null, slots: [] });
    expect(await release('1')).toMatchObject({ exitCode: 0 });
    expect(await lab.exec('node4', ['apt-get', '-qqy', 'install', 'lab-thing'])).toMatchObject({ exitCode: 0 });
    expect(await release('2')).toMatchObject({ exitCode: 0 });
    await lab.reboot('node4');
    const waits = await becomes('node4', ({ phase }) => phase === 'available', 60_000);
    expect(waits.pending).toMatchObject({ total: 1, security: 1, held: 0, names: ['lab-thing'] });
    expect(waits.phaseText).toBe('1 package waits, 1 of them for security.');
    await lab.exec('node4', ['apt-mark', 'hold', 'lab-thing']);
    await lab.exec('node4', ['touch', '/run/reboot-required']);
    await lab.reboot('node4');
    const held = await becomes('node4', ({ pending }) => pending?.held === 1, 60_000);
    expect(held.heldBy).toContainEqual({ by: 'person', text: '1 package held back by a person.' });
  });
});
