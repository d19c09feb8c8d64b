import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HostUpdate, UpdatePhase } from '#shared/contract/update.ts';
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
/** Every update section that was told, by host. */
const told = new Map<string, HostUpdate[]>();

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['flatcar', 'flatcar'], etcd: 'none' });
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
    pushed: ['checking', 'available', 'downloading', 'finalizing', 'staged'],
  },
];

describe.each(cases)('$agent', ({ agent, host, before, after, offer, check, pushed }) => {
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
  });
});

describe('update-engine, in what only it has', () => {
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
