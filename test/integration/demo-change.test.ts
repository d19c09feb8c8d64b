import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChangePlan } from '#shared/contract/change.ts';
import { Scope } from '#core/lib/scope.ts';
import { type RunningFleet, runFleet } from '#demo/fleet/run-fleet.ts';
import { oneFile } from '#kit/one-file.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const path = '/etc/nginx/workers.conf';
let dir: string;
let scope: Scope;
let fleet: RunningFleet;
let core: TestCore;
let view: TestView;
let web: string[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qd-demo-'));
  scope = new Scope('demo test');
  fleet = await runFleet({ hosts: 24, dir, seed: 1, preferRealEtcd: false, stories: false, scope });
  core = await startTestCore({ startDemo: async () => ({ clusterFile: fleet.clusterFile, end: () => scope.end() }) });
  view = core.view(await core.core.startDemo(24));
  web = fleet.world.hosts.map(({ spec }) => spec.name).filter((name) => name.startsWith('web-'));
  for (const name of web) await view.until('host', name, 'link', ({ units }) => units === 'dbus', 60_000);
});
afterAll(async () => {
  await core?.end();
  await scope?.end();
  await rm(dir, { recursive: true, force: true });
  expect(core.log.surprises).toEqual([]);
});

/** What each host holds at the path: the simulation's own files, not what the console says of them. */
const texts = () =>
  fleet.world.hosts.filter(({ spec }) => web.includes(spec.name)).map(({ files }) => files.read(path, 'root'));

async function started(content: string, unit: string): Promise<ChangePlan> {
  const draft = oneFile(web, path, content, {
    title: 'Workers',
    actions: [{ verb: 'restart', unit }],
    gates: [{ kind: 'unit-active', unit, settleS: 0 }, { kind: 'system-running' }],
  });
  const plan = await view.link.call('change.plan', { draft, password: null });
  expect(plan.leftOut).toEqual([]);
  await view.link.call('change.propose', { plan });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await view.link.call('change.act', { id: plan.id, verb: 'start', host: null, password: null });
  return plan;
}

it('goes over the demo fleet in waves, by the very program that real hosts run', async () => {
  expect(web.length).toBeGreaterThan(4);
  const plan = await started('worker_processes 4;\n', 'nginx.service');
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 50_000);
  expect(new Set(texts())).toEqual(new Set(['worker_processes 4;\n']));
  const { files } = await view.link.call('change.compare', { hosts: web, path, password: null });
  expect(new Set(files.map(({ kind, hash }) => `${kind} ${hash}`)).size).toBe(1);
  for (const host of fleet.world.hosts) expect(host.files.list('/var/lib/quarterdeck/changes') ?? []).toEqual([]);
});

it('stops at the canary when a unit does not come up, and puts its file back', async () => {
  const startedAt = Date.now();
  const plan = await started('worker_processes 0;\n', 'no-such.service');
  const paused = await view.until('change', plan.id, 'progress', ({ state }) => state === 'paused', 30_000);
  expect(paused.text).toContain('no-such.service not found');
  expect(new Set(texts())).toEqual(new Set(['worker_processes 4;\n']));
  // The program tells the time, in whole seconds, by a file that it just wrote.
  const { evidence } = await view.link.call('change.host', { id: plan.id, host: plan.waves[0]?.[0] ?? '' });
  expect(evidence.length).toBeGreaterThan(3);
  expect(evidence.filter(({ at }) => at < startedAt - 1000)).toEqual([]);
  await view.link.call('change.act', { id: plan.id, verb: 'stop', host: null, password: null });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'stopped');
});
