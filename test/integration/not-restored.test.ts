import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangePlan, ChangeVerb } from '#shared/contract/change.ts';
import { openScopes } from '#core/lib/scope.ts';
import { litterScript } from '#kit/change-bench.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { oneFile } from '#kit/one-file.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
const hosts = ['node1', 'node2', 'node3'];
const folder = '/etc/qd-locked';
const path = `${folder}/app.conf`;
let lab: Lab;
let core: TestCore;
let view: TestView;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: hosts.map(() => 'debian') });
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = core.view('lab');
  view.link.look({ hosts, focus: null, hidden: false });
  for (const name of hosts) await view.until('host', name, 'link', ({ state }) => state === 'up', 30_000);
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(async () => {
  skipUnless(reason === null, reason ?? '');
  for (const host of hosts) {
    await root(host, `mkdir -p ${folder}; printf 'workers = 4\\n' >${path}; chmod 640 ${path}`);
    await root(host, `printf '%s\\n' '#!/bin/sh' '${service}' >/root/app; chmod 755 /root/app`);
    await root(host, "printf '[Service]\\nExecStart=/root/app\\n' >/etc/systemd/system/qd-app.service");
    await root(host, 'systemctl daemon-reload; systemctl reset-failed qd-app; systemctl restart qd-app');
  }
});
afterEach(async () => {
  for (const host of reason ? [] : hosts) await root(host, `umount ${folder}`);
});

/** It breaks on a bad value, and makes that nothing can be put back either. */
const service = `grep -q bad ${path} || exec sleep infinity; mount --bind ${folder} ${folder}; mount -o remount,ro,bind ${folder}; exit 1`;

/** From outside: root's own shell on the host, not Quarterdeck. */
const root = async (host: string, script: string) => (await lab.exec(host, ['sh', '-c', script])).stdout.trim();
const look = (host: string) => root(host, `stat -c '%a %u %g %y' ${path}; cat ${path}`);
const act = (id: string, verb: ChangeVerb) => view.link.call('change.act', { id, verb, host: null, password: null });
const over = (id: string, state: string) =>
  view.until('change', id, 'progress', (progress) => progress.state === state, 60_000);

async function started(): Promise<ChangePlan> {
  const draft = oneFile(hosts, path, 'bad\n', {
    title: 'Set workers',
    actions: [{ verb: 'restart', unit: 'qd-app.service' }],
    gates: [{ kind: 'unit-active', unit: 'qd-app.service', settleS: 1 }],
    policy: { waves: [{ size: 1, unit: 'hosts' }], deadmanS: 30 },
  });
  const plan = await view.link.call('change.plan', { draft, password: null });
  await view.link.call('change.propose', { plan });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await act(plan.id, 'start');
  return plan;
}

test('a restore that cannot be done is said in so many words, stops the change, and is asked for again', async () => {
  const before = await Promise.all(hosts.map(look));
  const plan = await started();
  const paused = await over(plan.id, 'paused');
  expect(paused.text).toMatch(/node1: .*NOT restored: .*app\.conf could not be put back/);
  expect(view.record('change', plan.id)?.hosts?.map(({ state }) => state)).toEqual([
    'not-restored',
    'waiting',
    'waiting',
  ]);
  expect((await root('node1', `cat ${path}`)).trim()).toBe('bad');
  expect(await Promise.all(hosts.slice(1).map(look))).toEqual(before.slice(1));
  const { entries } = await view.link.call('activity.list', { text: plan.id, before: null, limit: 9 });
  expect(entries.find(({ host }) => host === 'node1')).toMatchObject({
    what: 'not restored: Set workers',
    outcome: 'failed',
  });
  // As long as it cannot be done it stays said; nothing else may begin on that host.
  await act(plan.id, 'roll-back');
  expect((await over(plan.id, 'not-rolled-back')).text).toBe('NOT put back on node1');
  expect(await root('node1', 'cat /var/lib/quarterdeck/pending')).toBe(plan.id);
  await root('node1', `umount ${folder}`);
  await act(plan.id, 'roll-back');
  await over(plan.id, 'rolled-back');
  expect(view.record('change', plan.id)?.hosts?.[0]?.state).toBe('undone');
  expect(await look('node1')).toBe(before[0]);
  expect(await root('node1', 'systemctl is-active qd-app')).toBe('active');
  for (const host of hosts) expect([host, await root(host, litterScript)]).toEqual([host, '']);
});
