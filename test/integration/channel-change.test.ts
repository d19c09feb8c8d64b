import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openScopes } from '#core/lib/scope.ts';
import type { ChangeDraft } from '#shared/contract/change.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import { toCheck } from '#shared/lib/update/to-check.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import { planAct, tellAgent } from '#kit/told-agents.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
let lab: Lab;
let core: TestCore;
let view: TestView;

/** What each host is offered by channel, and where its settings are. */
const homes = [
  { host: 'node1', conf: '/etc/flatcar/update.conf', stable: '4230.2.1', beta: '4300.1.0' },
  { host: 'node2', conf: '/etc/coreos/update.conf', stable: '2605.5.0', beta: '2605.9.0' },
] as const;
const hosts = homes.map(({ host }) => host);

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['flatcar', 'coreos'], etcd: 'none' });
  for (const { host, conf } of homes) {
    await lab.exec(host, ['touch', '/home/core/.sudo_as_admin_successful']);
    await lab.exec(host, ['sh', '-c', `printf 'GROUP=stable\\nREBOOT_STRATEGY=off\\n' > ${conf}`]);
  }
  for (const channel of ['stable', 'beta'] as const) {
    await lab.publish('flatcar', channel, homes[0][channel], 1);
    await lab.publish('coreos', channel, homes[1][channel], 1);
  }
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = core.view('lab');
  view.link.look({ hosts, focus: 'node1', hidden: false });
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const becomes = (host: string, fits: (update: HostUpdate) => boolean) =>
  view.until('host', host, 'update', fits, 90_000);
/** Another one after each start of the agent. */
const startOf = async (host: string) =>
  (await lab.exec(host, ['systemctl', 'show', '-P', 'InvocationID', 'update-engine.service'])).stdout.trim();
const confOf = async (host: string, conf: string) => (await lab.exec(host, ['cat', conf])).stdout;

async function carryOut(draft: ChangeDraft): Promise<string> {
  const change = await view.link.call('change.plan', { draft, password: null });
  await view.link.call('change.propose', { plan: change });
  await view.link.call('change.act', { id: change.id, verb: 'start', host: null, password: null });
  await view.until('change', change.id, 'progress', ({ state }) => state === 'committed', 120_000);
  return change.id;
}

/** The hosts that the window offers to tell to check, now that the change is over. */
async function stillToCheck(id: string): Promise<string[]> {
  const { plan } = await view.link.call('change.read', { id });
  const records = new Map(hosts.map((host) => [host, view.record('host', host) ?? {}]));
  return toCheck(plan.steps, view.record('change', id)?.hosts ?? [], records).toSorted();
}

/** Changes the channel of both by one staged change, tells both to check, and sees what they are offered then. */
async function changeChannel(channel: 'stable' | 'beta'): Promise<void> {
  for (const host of hosts)
    await becomes(host, ({ phase, agentState }) => phase === 'idle' && agentState === 'running');
  const before = await Promise.all(hosts.map(startOf));
  const { draft } = await planAct(view, { kind: 'set-channel', channel }, ...hosts);
  if (!draft) throw new Error('nothing is to be written');
  expect(new Set(draft.parts.map(({ files }) => files[0]?.path))).toEqual(new Set(homes.map(({ conf }) => conf)));
  const id = await carryOut(draft);
  for (const [at, { host, conf }] of homes.entries()) {
    expect(await confOf(host, conf)).toBe(`GROUP=${channel}\nREBOOT_STRATEGY=off\n`);
    // Told to read it: the change started the agent anew, and the console has heard so.
    expect(await startOf(host)).not.toBe(before[at]);
    await becomes(host, (update) => update.channel === channel && update.agentState === 'running');
  }
  expect(await stillToCheck(id)).toEqual(hosts);
  for (const { host, [channel]: version } of homes) {
    await becomes(host, ({ phase }) => phase === 'idle');
    expect(await tellAgent(view, { kind: 'check' }, host)).toMatchObject({ state: 'done' });
    const staged = await becomes(host, ({ phase }) => phase === 'staged');
    expect(staged).toMatchObject({ channel, offered: version, rebootNeeded: true });
  }
  expect(await stillToCheck(id)).toEqual([]);
}

test('moved to beta, both homes are offered what beta has', async () => {
  await changeChannel('beta');
  expect(hosts.map((host) => view.record('host', host)?.update?.channel)).toEqual(['beta', 'beta']);
}, 240_000);

test('moved back, they are offered what stable has and no longer what beta had', async () => {
  for (const host of hosts) expect(await tellAgent(view, { kind: 'reset' }, host)).toMatchObject({ state: 'done' });
  await changeChannel('stable');
  expect(hosts.map((host) => view.record('host', host)?.update?.channel)).toEqual(['stable', 'stable']);
}, 240_000);

test('another server is read by the agent once the change that names it is over', async () => {
  for (const host of hosts) expect(await tellAgent(view, { kind: 'reset' }, host)).toMatchObject({ state: 'done' });
  const content = 'GROUP=stable\nREBOOT_STRATEGY=off\nSERVER=https://nebraska.example.com/v1/update/\n';
  const before = await Promise.all(hosts.map(startOf));
  const { draft } = await planAct(view, { kind: 'set-channel', channel: 'beta' }, ...hosts);
  if (!draft) throw new Error('nothing is to be written');
  const parts = draft.parts.map((part) => ({ ...part, files: part.files.map((file) => ({ ...file, content })) }));
  const id = await carryOut({ ...draft, title: 'Name another server', parts });
  for (const [at, host] of hosts.entries()) {
    await becomes(host, ({ server }) => server === 'https://nebraska.example.com/v1/update/');
    expect(await startOf(host)).not.toBe(before[at]);
  }
  expect(await stillToCheck(id)).toEqual(hosts);
}, 240_000);
