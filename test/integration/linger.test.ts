import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { planUnitAction } from '#core/actions/plan-unit-action.ts';
import { startUnitAction } from '#core/actions/unit-actions.ts';
import { openClusterStore } from '#core/clusters/open-cluster-store.ts';
import type { OpenCluster } from '#core/fleet/open-cluster.ts';
import { OpenClusters } from '#core/fleet/open-clusters.ts';
import { startHosts } from '#core/hosts/start-hosts.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { ActivityLog } from '#core/storage/activity-log.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { quietLog, until } from '#kit/etcd.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { memoryVault } from '#kit/test-core.ts';

const reason = labUnavailable();
const lingerMs = 300;
let lab: Lab;
let scope: Scope;
let clusters: OpenClusters;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['debian'], etcd: 'none' });
  scope = new Scope('linger');
  const dir = await mkdtemp(join(tmpdir(), 'qd-linger-'));
  scope.add(() => rm(dir, { recursive: true, force: true }));
  await writeFile(join(dir, 'lab.yaml'), labCluster(lab));
  const log = quietLog;
  const { store } = await openClusterStore({ configDir: dir, sshConfigFile: join(dir, 'none'), home: dir, log, scope });
  clusters = new OpenClusters(scope, store, join(dir, 'data'), {
    startHosts,
    vault: memoryVault(),
    log,
    activity: await ActivityLog.open(join(dir, 'activity.jsonl')),
    actor: { name: 'test' },
    now: Date.now,
    lingerMs,
  });
});
afterAll(async () => {
  await scope?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const ended = (cluster: OpenCluster) => cluster.around.signal.aborted;

async function joined(): Promise<ReturnType<OpenClusters['join']>> {
  const { cluster, leave } = clusters.join('lab');
  await until('units are known', 30_000, () => (cluster.records.get('host', 'node1', 'units')?.total ?? 0) > 20);
  return { cluster, leave };
}

test('a question goes on after its last viewer left, and only then is the cluster closed', async () => {
  const { cluster, leave } = await joined();
  const run = await cluster.asks.start({
    hosts: ['node1'],
    command: 'sleep 2; echo still here',
    timeoutS: 30,
    elevate: false,
    password: null,
  });
  leave();
  const progress = () => cluster.records.get('ask', run, 'progress');
  await sleep(3 * lingerMs);
  expect([progress()?.state, ended(cluster)]).toEqual(['running', false]);
  await until('the answer', 10_000, () => progress()?.state === 'done');
  expect(progress()?.groups[0]?.excerpt).toBe('still here\n');
  await until('the end of the cluster', 5_000, () => ended(cluster));
});

test('so does a unit action', async () => {
  const text = '[Service]\\nExecStartPre=/bin/sleep 2\\nExecStart=/bin/sleep 600\\n';
  const write = `printf '${text}' > /run/systemd/system/slow.service; systemctl daemon-reload`;
  await lab.exec('node1', ['sh', '-c', write]);
  const { cluster, leave } = await joined();
  const plan = await planUnitAction(cluster.around, ['node1'], 'slow.service', 'start');
  const action = await startUnitAction(cluster.around, plan, null);
  leave();
  const progress = () => cluster.records.get('action', action, 'progress');
  await sleep(3 * lingerMs);
  expect([progress()?.done, ended(cluster)]).toEqual([false, false]);
  await until('the action', 30_000, () => progress()?.done);
  expect(progress()?.outcomes).toMatchObject([{ state: 'done', exitCode: 0 }]);
  await until('the end of the cluster', 5_000, () => ended(cluster));
});
