import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openScopes } from '#core/lib/scope.ts';
import { readKubernetesMarks } from '#core/providers/kubernetes-marks/read-marks.ts';
import { whyNot } from '#shared/lib/update/why-not.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { sshAccess } from '#kit/ssh-access.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
const created = '2026-08-01T02:31:07.123Z';
const fluo = 'flatcar-linux-update.v1.flatcar-linux.net/';
let lab: Lab;
let core: TestCore;
let view: TestView;

/** A stand-in for kubectl at its far edge: answers raw requests of one server out of files in /opt/stand-in, as the API would. */
const standIn = `#!/bin/sh
# stand-in for kubectl, of Quarterdeck's tests
echo "$*" >>/opt/stand-in/asked
for path; do :; done
file=/opt/stand-in/$(echo "$path" | tr / _)
if [ -r "$file" ]; then cat "$file"; else echo "Error from server (NotFound): not found" >&2; exit 1; fi
`;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['flatcar', 'debian'], etcd: 'none' });
  for (const { name } of lab.env.hosts) await lab.exec(name, ['touch', '/home/core/.sudo_as_admin_successful']);
  await sh('mkdir -p /opt/bin /opt/stand-in /etc/kubernetes && echo "# a stand-in" >/etc/kubernetes/kubelet.conf');
  await sh('chmod 600 /etc/kubernetes/kubelet.conf && cat >/opt/bin/kubectl && chmod 755 /opt/bin/kubectl', standIn);
});
afterAll(async () => {
  await sh('rm -rf /opt/bin/kubectl /opt/stand-in /etc/kubernetes');
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const sh = (command: string, stdin = '') => lab.exec('node1', ['sh', '-c', command], { input: stdin });
const answers = (path: string, body: object | string) =>
  sh(`cat >/opt/stand-in/${path.replaceAll('/', '_')}`, typeof body === 'string' ? body : JSON.stringify(body));
const node = async (annotations: Record<string, string>) =>
  answers(`/api/v1/nodes/${await nodeName()}`, {
    kind: 'Node',
    metadata: { name: await nodeName(), annotations },
    spec: { unschedulable: true },
  });
const nodeName = async () => (await sh('uname -n')).stdout.trim().toLowerCase();
const kuredPath = '/apis/apps/v1/namespaces/kube-system/daemonsets/kured';

test('the marks of a node are read with the rights of its kubelet, and leave nothing there', async () => {
  await node({ [`${fluo}reboot-needed`]: 'true', [`${fluo}status`]: 'UPDATE_STATUS_UPDATED_NEED_REBOOT' });
  const lock = JSON.stringify({ nodeID: 'node-3', metadata: { unschedulable: false }, created, TTL: 0 });
  await answers(kuredPath, { kind: 'DaemonSet', metadata: { annotations: { 'weave.works/kured-node-lock': lock } } });
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = core.view('lab');
  view.link.look({ hosts: ['node1', 'node2'], focus: 'node1', hidden: false });
  const told = await view.until('host', 'node1', 'kubernetes', ({ problem }) => problem === null, 40_000);
  expect(told).toMatchObject({
    node: await nodeName(),
    config: '/etc/kubernetes/kubelet.conf',
    unschedulable: true,
    kured: { lock: { max: 1, owners: [{ node: 'node-3', since: Date.parse(created), expiresAt: null }] } },
    fluo: { rebootNeeded: true, rebootOk: false, paused: false },
  });
  const asked = (await sh('cat /opt/stand-in/asked')).stdout.trim().split('\n');
  expect(asked.every((line) => / get --raw \/api/.test(line))).toBe(true);
  const update = await view.until('host', 'node1', 'update', () => true, 40_000);
  const link = await view.until('host', 'node1', 'link', () => true);
  const subject = {
    name: 'node1',
    host: { link, update: { ...update, rebootNeeded: true }, kubernetes: told },
    now: Date.now(),
  };
  expect(whyNot(subject).conditions.find(({ name }) => name === 'kubernetes')).toMatchObject({
    state: 'stops',
    text: expect.stringContaining('has not said yes'),
  });
  expect(view.record('host', 'node2')?.kubernetes).toBeUndefined();
});

test('what may not be read is told with what the server answered, and nonsense is refused', async () => {
  const access = await sshAccess(lab.env.sshConfig, 'node1');
  const read = () => readKubernetesMarks(access, { elevation: 'sudo' }, Date.now);
  await answers(kuredPath, 'x'.repeat(300_000));
  expect(await read()).toMatchObject({ kured: null, problem: { code: 'protocol' } });
  await sh('rm /opt/stand-in/_api*');
  expect(await read()).toMatchObject({ kured: null, fluo: null, problem: { code: 'not-found' } });
  await sh('rm -f /opt/bin/kubectl');
  expect(await read()).toMatchObject({ problem: { code: 'unsupported' } });
  await sh('rm -r /etc/kubernetes');
  expect(await read()).toBe(null);
  await access.end();
});
