import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Scope } from '#core/lib/scope.ts';
import { type RunningFleet, runFleet } from '#demo/fleet/run-fleet.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

let dir: string;
let scope: Scope;
let fleet: RunningFleet;
let core: TestCore;
let view: TestView;
const names = ['flatcar-update', 'nginx-limits', 'sshd-hardening', 'sysctl-fleet', 'timesyncd'];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qd-demo-'));
  scope = new Scope('demo test');
  fleet = await runFleet({ hosts: 24, dir, seed: 1, preferRealEtcd: false, stories: false, scope });
  core = await startTestCore({ startDemo: async () => ({ clusterFile: fleet.clusterFile, end: () => scope.end() }) });
  view = core.view(await core.core.startDemo(24));
});
afterAll(async () => {
  await core?.end();
  await scope?.end();
  await rm(dir, { recursive: true, force: true });
  expect(core.log.surprises).toEqual([]);
});

/** Hosts that are not as a document says, once all were read. */
async function strays(name: string): Promise<string[]> {
  const all = await view.until(
    'document',
    name,
    'drift',
    (hosts) => hosts.length > 0 && hosts.every(({ state }) => state === 'same' || state === 'differs'),
    60_000,
  );
  return all.filter(({ state }) => state === 'differs').map(({ host }) => host);
}

it('opens with the documents of a team and the two hosts that drifted', async () => {
  const found: Record<string, string[]> = {};
  for (const name of names) found[name] = await strays(name);
  expect(found).toEqual({
    'flatcar-update': [],
    'nginx-limits': [],
    'sshd-hardening': ['web-b2'],
    'sysctl-fleet': ['worker-b1'],
    timesyncd: [],
  });
  const revisions = await view.link.call('document.revisions', { name: 'sysctl-fleet' });
  expect(revisions.map(({ revision, by }) => [revision, by])).toEqual([
    [3, 'mara'],
    [2, 'jonas'],
    [1, 'mara'],
  ]);
  expect(view.record('cluster', '')?.documents).toMatchObject({ kind: 'etcd', problem: null });
});

it('brings the two back by one change', async () => {
  const { draft, leftOut } = await view.link.call('document.correct', { names, hosts: null });
  expect(leftOut).toEqual([]);
  expect(draft?.parts.flatMap(({ hosts }) => hosts).toSorted()).toEqual(['web-b2', 'worker-b1']);
  if (!draft) return;
  const plan = await view.link.call('change.plan', {
    draft: { ...draft, policy: { ...draft.policy, soakS: 0 } },
    password: null,
  });
  expect(plan.leftOut).toEqual([]);
  await view.link.call('change.propose', { plan });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await view.link.call('change.act', { id: plan.id, verb: 'start', host: null, password: null });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 50_000);
  for (const name of ['sshd-hardening', 'sysctl-fleet'])
    await view.until('document', name, 'drift', (all) => all.every(({ state }) => state === 'same'), 30_000);
});

it('renders a document before it is saved, and says what is wrong with its targets', async () => {
  const { document } = await view.link.call('document.read', { name: 'nginx-limits', revision: 1 });
  const rendered = await view.link.call('document.render', { document, host: null });
  expect(rendered.hosts.every((host) => host.startsWith('web-'))).toBe(true);
  expect(rendered.files.map(({ path }) => path)).toEqual(['/etc/systemd/system/nginx.service.d/10-limits.conf']);
  const wrong = { ...document, targets: 'label:role=web cpu>many' };
  const told = await view.link.call('document.render', { document: wrong, host: null });
  expect([told.hosts, told.problems[0]?.place]).toEqual([[], { file: 'nginx-limits (targets)', line: 1, column: 16 }]);
  await expect(view.link.call('document.render', { document, host: 'nobody' })).rejects.toThrow('not a host');
  await expect(view.link.call('document.correct', { names: ['none'], hosts: null })).rejects.toThrow(
    'no document none',
  );
});
