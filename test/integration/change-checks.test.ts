import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangePlan, Gate } from '#shared/contract/change.ts';
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

async function applied(plan: ChangePlan, ends: 'committed' | 'paused'): Promise<string> {
  await view.link.call('change.propose', { plan });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await view.link.call('change.act', { id: plan.id, verb: 'start', host: null, password: null });
  return (await view.until('change', plan.id, 'progress', ({ state }) => state === ends, 60_000)).text;
}
const file = '/etc/qd-checks.conf';
const plain = (content: string, gates: Gate[]) =>
  planned(file, content, { gates, policy: { deadmanS: 30, failureBudget: 0, waves: [] } });

test('a command is run as root; a port is connected to on the host; health is what was heard since', async () => {
  await root('node1', 'systemctl reset-failed; echo secret >/root/only; chmod 600 /root/only');
  await root('node2', 'systemctl reset-failed; echo secret >/root/only; chmod 600 /root/only');
  const good = await plain('a\n', [
    { kind: 'command', command: 'test "$(id -u)" = 0 && grep -q secret /root/only', timeoutS: 10 },
    { kind: 'port', port: 22 },
    { kind: 'health' },
  ]);
  expect(await applied(good, 'committed')).toBe('2 of 2 hosts');
  const { hosts: ended } = await view.link.call('change.read', { id: good.id });
  const seen = ended[0]?.evidence.filter(({ step }) => step.startsWith('gate')).map(({ text }) => text);
  expect(seen?.[1]).toMatch(/^port 22 answers: answered at /);
  expect(seen?.[2]).toMatch(/^health no worse than before: \w+ before, \w+ now$/);
});

test.each<[string, Gate, RegExp]>([
  ['a port that does not answer', { kind: 'port', port: 4 }, /nothing answers/],
  ['a command that fails', { kind: 'command', command: 'echo no >&2; exit 4', timeoutS: 10 }, /exit 4: no/],
])('%s puts the change back', async (_what, gate, text) => {
  expect(await applied(await plain('b\n', [gate]), 'paused')).toMatch(text);
  expect(await root('node1', `cat ${file}`)).toBe('a');
});

test('a unit that fails because of the change is seen in the health of its host', async () => {
  const unit = '[Service]\\nType=oneshot\\nExecStart=/bin/false\\n';
  await root('node1', `printf '${unit}' >/etc/systemd/system/qd-breaks.service; systemctl daemon-reload`);
  await view.until('host', 'node1', 'health', ({ state }) => state !== 'failing', 20_000);
  // The change starts it behind the back of systemctl, so that only health can tell.
  const plan = await view.link.call('change.plan', {
    draft: oneFile(['node1'], file, 'c\n', {
      validators: [
        { name: 'starts it', when: 'in-place', path: file, command: 'systemctl start --no-block qd-breaks' },
      ],
      gates: [{ kind: 'health' }],
      policy: { deadmanS: 60 },
    }),
    password: null,
  });
  expect(await applied(plan, 'paused')).toMatch(/failing now: qd-breaks\.service is failed/);
  expect(await root('node1', `cat ${file}`)).toBe('a');
});

test('networkd itself reads a copy of its files, and its complaint refuses the change with the line', async () => {
  const network = '/etc/systemd/network/80-qd.network';
  const before = await root(
    'node1',
    'ip -o addr; ls -lR /etc/systemd/network /run/systemd/netif 2>&1; systemctl is-active systemd-networkd',
  );
  const more = { actions: [], gates: [], policy: { deadmanS: 30, waves: [] } };
  const text = (dhcp: string) => `[Match]\nName=qd-none\n[Network]\nDHCP=${dhcp}\n`;
  const bad = await planned(network, text('maybe'), more);
  expect(bad.steps[0]?.validators.map(({ name }) => name)).toEqual(['systemd-networkd']);
  expect(await applied(bad, 'paused')).toMatch(/systemd-networkd refuses .*80-qd\.network:4: .*maybe/);
  await view.link.call('change.act', { id: bad.id, verb: 'stop', host: null, password: null });
  // Nothing of the host was touched by that.
  expect(
    await root(
      'node1',
      'ip -o addr; ls -lR /etc/systemd/network /run/systemd/netif 2>&1; systemctl is-active systemd-networkd',
    ),
  ).toBe(before);
  expect(await applied(await planned(network, text('yes'), more), 'committed')).toBe('2 of 2 hosts');
});

test('a host whose units stand otherwise than when it was planned is left alone: undo would not lead back', async () => {
  await root('node1', `echo as it was >${file}; systemctl start web.service`);
  const draft = oneFile(['node1'], file, 'd\n', {
    actions: [{ verb: 'restart', unit: 'web.service' }],
    policy: { deadmanS: 30 },
  });
  const plan = await view.link.call('change.plan', { draft, password: null });
  expect(printSteps(plan.steps[0]?.undo ?? [])).toBe('restart web.service');
  await root('node1', 'systemctl stop web.service');
  const before = await root('node1', `cat ${file}`);
  expect(await applied(plan, 'paused')).toMatch(/web\.service is not active now/);
  expect(await root('node1', `cat ${file}; systemctl is-active web.service`)).toBe(`${before}\ninactive`);
  await root('node1', 'systemctl start web.service');
});
