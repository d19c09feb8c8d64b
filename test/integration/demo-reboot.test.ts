import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RebootOptions } from '#shared/contract/reboot.ts';
import { Scope } from '#core/lib/scope.ts';
import { type RunningFleet, runFleet } from '#demo/fleet/run-fleet.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const usual: RebootOptions = { now: false, windows: null, atOnce: 1 };
let dir: string;
let scope: Scope;
let fleet: RunningFleet;
let core: TestCore;
let view: TestView;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qd-demo-'));
  scope = new Scope('demo test');
  fleet = await runFleet({ hosts: 40, dir, seed: 1, preferRealEtcd: false, stories: false, scope });
  core = await startTestCore({ startDemo: async () => ({ clusterFile: fleet.clusterFile, end: () => scope.end() }) });
  view = core.view(await core.core.startDemo(40));
  for (const { spec } of fleet.world.hosts) await view.until('host', spec.name, 'facts', () => true, 60_000);
  await view.until('cluster', '', 'etcd', ({ state, members }) => state === 'healthy' && members.length === 3, 30_000);
});
afterAll(async () => {
  await core?.end();
  await scope?.end();
  await rm(dir, { recursive: true, force: true });
  expect(core.log.surprises).toEqual([]);
});

it('reboots simulated hosts, an etcd member among them, by the very scripts that real hosts run', async () => {
  const calm = fleet.world.hosts.filter(({ sessions }) => sessions.length === 0);
  const member = calm.find(({ spec }) => spec.role === 'etcd');
  const web = calm.find(({ spec }) => spec.name.startsWith('web-'));
  const hosts = [member?.spec.name ?? '', web?.spec.name ?? ''];
  const before = [member?.boot.id, web?.boot.id];
  const plan = await view.link.call('hosts.plan-reboot', { hosts, options: usual });
  expect(plan.leftOut).toEqual([]);
  expect(plan.steps.flatMap(({ obstacles }) => obstacles)).toEqual([]);
  const { action } = await view.link.call('hosts.reboot', { plan, options: usual, password: null });
  const { outcomes } = await view.until('action', action, 'progress', ({ done }) => done, 100_000);
  expect(outcomes.map(({ host, state }) => [host, state])).toEqual(hosts.map((host) => [host, 'done']));
  const after = [member?.boot.id, web?.boot.id];
  expect(after.filter((id, at) => id === before[at])).toEqual([]);
}, 120_000);

it('sees who is logged in on a simulated host, and warns them', async () => {
  const host = fleet.world.hosts.find(({ sessions }) => sessions.length > 0);
  const [session] = host?.sessions ?? [];
  const name = host?.spec.name ?? '';
  const plan = await view.link.call('hosts.plan-reboot', { hosts: [name], options: usual });
  expect(plan.steps[0]?.people).toEqual([{ name: session?.name, tty: session?.tty, from: session?.from }]);
  const { action } = await view.link.call('hosts.reboot', { plan, options: usual, password: null });
  const wish = { units: [], identifier: 'wall', priority: 7, fromUs: 0, untilUs: 8e15, last: 5, fits: null };
  await expect
    .poll(() => host?.journal.entries(wish).map(({ message }) => message), { timeout: 20_000 })
    .toEqual([expect.stringContaining('reboots this host in 5 minutes')]);
  await view.link.call('reboot.cancel', { action });
  await view.until('action', action, 'progress', ({ done }) => done, 20_000);
}, 60_000);
