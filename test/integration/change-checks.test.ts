import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangePlan } from '#shared/contract/change.ts';
import { printSteps, suggestedGates, suggestedSteps } from '#shared/lib/change/suggest.ts';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { oneFile, type OneFileOptions } from '#kit/one-file.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
const hosts = ['node1', 'node2'];
let lab: Lab;
let core: TestCore;
let view: TestView;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['debian', 'fcos'] });
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
beforeEach(() => skipUnless(reason === null, reason ?? ''));

/** From outside: root's own shell on the host, not Quarterdeck. */
const root = async (host: string, script: string) => (await lab.exec(host, ['sh', '-c', script])).stdout.trim();

async function planned(path: string, content: string, more: OneFileOptions = {}): Promise<ChangePlan> {
  const actions = suggestedSteps(path);
  const draft = oneFile(hosts, path, content, { actions, gates: suggestedGates(actions, 1), ...more });
  return view.link.call('change.plan', { draft, password: null });
}
const stepsOn = (plan: ChangePlan, host: string) => {
  const step = plan.steps.find((one) => one.hosts.includes(host));
  const units = step?.gates.flatMap((gate) => (gate.kind === 'unit-active' ? [gate.unit] : []));
  return [step && printSteps(step.actions), units];
};

test('suggested steps are those of each host: a service by the name it has there, a template by what runs of it', async () => {
  const runs = '[Service]\\nExecStart=sleep infinity\\n';
  await root('node1', `printf '${runs}' >/etc/systemd/system/chrony.service; systemctl start chrony`);
  await root('node2', `printf '${runs}' >/etc/systemd/system/chronyd.service; systemctl start chronyd`);
  const chrony = await planned('/etc/chrony.conf', 'pool a\n');
  expect(stepsOn(chrony, 'node1')).toEqual(['restart chrony.service', ['chrony.service']]);
  expect(stepsOn(chrony, 'node2')).toEqual(['restart chronyd.service', ['chronyd.service']]);
  await root('node2', `systemctl stop 'worker@*'; systemctl start 'worker@a\\x2db'`);
  const worker = await planned('/etc/systemd/system/worker@.service.d/x.conf', '[Service]\nNice=1\n');
  expect(stepsOn(worker, 'node1')).toEqual(['daemon-reload\nrestart worker@blue.service', ['worker@blue.service']]);
  const [instance] = [String.raw`worker@a\x2db.service`];
  expect(stepsOn(worker, 'node2')).toEqual([`daemon-reload\nrestart ${instance}`, [instance]]);
  await root('node2', `systemctl stop 'worker@*'`);
  expect(stepsOn(await planned('/etc/systemd/system/worker@.service.d/x.conf', '[Service]\n'), 'node2')).toEqual([
    'daemon-reload',
    [],
  ]);
});
