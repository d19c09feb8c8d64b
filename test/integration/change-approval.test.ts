import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { planHash } from '#core/changes/plan-hash.ts';
import { openScopes } from '#core/lib/scope.ts';
import { type ChangePlan, type ChangeVerb, weekdays } from '#shared/contract/change.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { oneFile, type OneFileOptions } from '#kit/one-file.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
let lab: Lab;
const cores: TestCore[] = [];
let ada: TestView;
let bob: TestView;
let watching: TestView;

/** A console of that person, on a machine that several share. */
async function consoleOf(person: string): Promise<TestCore> {
  process.env['QUARTERDECK_PERSON'] = person;
  const text = labCluster(lab).replace('mode: operate', 'mode: operate\nprotected: true');
  const core = await startTestCore({
    clusters: { lab: text, watched: labCluster(lab, { mode: 'observe' }) },
  }).finally(() => delete process.env['QUARTERDECK_PERSON']);
  cores.push(core);
  return core;
}

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['debian', 'debian'] });
  const first = await consoleOf('ada');
  ada = first.view('lab');
  bob = (await consoleOf('bob')).view('lab');
  watching = first.view('watched');
  for (const view of [ada, bob, watching])
    await view.until('host', 'node1', 'link', ({ state }) => state === 'up', 30_000);
});
afterAll(async () => {
  for (const core of cores) await core.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const draft = oneFile(['node1'], '/etc/motd', 'ahoy\n', { title: 'A word of the day' });
const other = (title: string) => oneFile(['node1'], '/etc/motd', `${title}\n`, { title });
const start = (view: TestView, id: string) =>
  view.link.call('change.act', { id, verb: 'start', host: null, password: null });

test('on a protected cluster a second person approves this very plan before anything happens', async () => {
  const plan = await ada.link.call('change.plan', { draft, password: null });
  expect(plan.by).toMatch(/^ada@/);
  await ada.link.call('change.propose', { plan });
  await bob.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await expect(start(ada, plan.id)).rejects.toThrow('a second person has to approve');
  await expect(ada.link.call('change.approve', { id: plan.id, hash: plan.hash })).rejects.toThrow('you made this plan');
  const wrong = 'f'.repeat(64);
  await expect(bob.link.call('change.approve', { id: plan.id, hash: wrong })).rejects.toThrow(
    'not the plan you looked at',
  );
  await bob.link.call('change.approve', { id: plan.id, hash: plan.hash });
  await ada.until('change', plan.id, 'progress', ({ approvals }) => approvals.some(({ by }) => by.startsWith('bob@')));
  await start(ada, plan.id);
  await bob.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 40_000);
  expect((await lab.exec('node1', ['cat', '/etc/motd'])).stdout).toBe('ahoy\n');
  const { entries, chain } = await ada.link.call('activity.list', {
    text: 'start A word of the day',
    before: null,
    limit: 9,
  });
  expect(entries[0]).toMatchObject({
    kind: 'change',
    actor: expect.stringMatching(/^ada@/),
    what: 'start A word of the day',
  });
  expect(chain.ok).toBe(true);
  // How far the log goes is kept in etcd too.
  const kept = () => lab.etcdctl('node1', 'get', '--prefix', '--print-value-only', '/quarterdeck/v1/logs/');
  await expect.poll(async () => (await kept()).stdout, { timeout: 15_000 }).toContain('"by":"ada@');
});

test('a plan that is edited is another plan: what was approved does not hold for it', async () => {
  const plan = await ada.link.call('change.plan', { draft: other('Another'), password: null });
  const edited = { ...plan, title: 'Something else' };
  await expect(ada.link.call('change.propose', { plan: edited })).rejects.toThrow('altered after it was made');
  await expect(bob.link.call('change.approve', { id: plan.id, hash: plan.hash })).rejects.toThrow('there is no change');
});

/** Past Quarterdeck: what stands in etcd below the change, and what somebody puts there. */
const keyOf = (id: string, key: string) => `/quarterdeck/v1/changes/${id}/${key}`;
const stands = async (id: string, key: string) =>
  (await lab.etcdctl('node1', 'get', '--print-value-only', keyOf(id, key))).stdout.replace(/\n$/, '');
async function tamper(id: string, key: string, value: string): Promise<void> {
  const { exitCode, stderr } = await lab.etcdctl('node1', 'put', '--', keyOf(id, key), value);
  expect([stderr, exitCode]).toEqual(['', 0]);
  // It is said to everybody who looks at it.
  if (key !== 'progress') await ada.until('change', id, 'progress', ({ text }) => text === altered);
}

async function planned(more: OneFileOptions, from: TestView = ada): Promise<ChangePlan> {
  const text = `${more.title ?? ''}\n`;
  const plan = await from.link.call('change.plan', {
    draft: oneFile(['node1'], '/etc/motd', text, more),
    password: null,
  });
  await from.link.call('change.propose', { plan });
  for (const view of [ada, bob]) await view.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  return plan;
}
async function approved(id: string, hash: string): Promise<void> {
  await bob.link.call('change.approve', { id, hash });
  await ada.until('change', id, 'progress', ({ approvals }) => approvals.length > 0);
}
const act = (view: TestView, id: string, verb: ChangeVerb) =>
  view.link.call('change.act', { id, verb, host: null, password: null });
const motd = async () => (await lab.exec('node1', ['cat', '/etc/motd'])).stdout;
const altered = 'the plan in the journal was altered';

test('an approval is of one plan: made anew, it waits for another; the old approval opens nothing', async () => {
  const first = await planned({ title: 'Twice' });
  await approved(first.id, first.hash);
  await act(ada, first.id, 'stop');
  const second = await planned({ title: 'Twice' });
  await expect(start(ada, second.id)).rejects.toThrow('a second person has to approve');
  await expect(bob.link.call('change.approve', { id: second.id, hash: first.hash })).rejects.toThrow(
    'not the plan you looked at',
  );
  // The approval itself, carried over past Quarterdeck: it names the hash of the other plan.
  const progress = JSON.parse(await stands(first.id, 'progress')) as { progress: object };
  const carried = { ...progress.progress, state: 'planned', text: '', endedAt: null };
  await tamper(second.id, 'progress', JSON.stringify({ v: 1, progress: carried }));
  await ada.until('change', second.id, 'progress', ({ approvals }) => approvals.length > 0);
  await expect(start(ada, second.id)).rejects.toThrow('a second person has to approve');
  await act(ada, second.id, 'stop');
});

test('a plan altered in etcd before it was approved is refused to whoever approves or starts it', async () => {
  const plan = await planned({ title: 'Altered first' });
  const before = await motd();
  const stored = await stands(plan.id, 'plan');
  await tamper(plan.id, 'plan', stored.replace('"Altered first"', '"Harmless"'));
  await expect(bob.link.call('change.approve', { id: plan.id, hash: plan.hash })).rejects.toThrow(altered);
  await expect(start(ada, plan.id)).rejects.toThrow(altered);
  await act(ada, plan.id, 'stop');
  await ada.until('change', plan.id, 'progress', ({ state }) => state === 'stopped');
  expect(await motd()).toBe(before);
});

test('a plan or a text altered in etcd after it was approved does not run', async () => {
  const plan = await planned({ title: 'Altered later' });
  const before = await motd();
  await approved(plan.id, plan.hash);
  const stored = await stands(plan.id, 'plan');
  const body = await stands(plan.id, 'body/0000');
  const worse = body.replace('"actions":[]', '"actions":[{"verb":"stop","unit":"ssh.service"}]');
  expect(worse).not.toBe(body);
  await tamper(plan.id, 'body/0000', worse);
  await expect(start(ada, plan.id)).rejects.toThrow(altered);
  await lab.etcdctl('node1', 'put', '--', keyOf(plan.id, 'body/0000'), body);
  await ada.until('change', plan.id, 'progress', ({ text }) => text === '');
  await tamper(plan.id, 'plan', stored.replace(`"id":"${plan.id}"`, '"id":"20260101-aaaaaa"'));
  await expect(start(ada, plan.id)).rejects.toThrow(altered);
  await lab.etcdctl('node1', 'put', '--', keyOf(plan.id, 'plan'), stored);
  await ada.until('change', plan.id, 'progress', ({ text }) => text === '');
  const texts = Object.values(plan.contents).join('');
  await tamper(plan.id, 'texts/0000', texts.replace('Altered', 'Goodbye'));
  await expect(start(ada, plan.id)).rejects.toThrow(altered);
  // A whole plan, its hash and all, is another one than was approved.
  const whole = { ...plan, title: 'Another, and whole' };
  const { hash: _hash, contents, ...rest } = whole;
  const hash = planHash({ ...rest, contents });
  for (const [name, text] of Object.entries(contents))
    await lab.etcdctl('node1', 'put', '--', keyOf(plan.id, `contents/${name}`), text);
  const other = JSON.stringify({ v: 1, plan: { ...rest, hash }, contents: Object.keys(contents) });
  await lab.etcdctl('node1', 'put', '--', keyOf(plan.id, 'plan'), other);
  await ada.until('change', plan.id, 'about', ({ title }) => title === whole.title);
  await expect(start(ada, plan.id)).rejects.toThrow('a second person has to approve');
  await act(ada, plan.id, 'stop');
  expect(await motd()).toBe(before);
});

test('a plan altered while nobody drives it is not taken over', async () => {
  const from = new Date(Date.now() + 6 * 3_600_000).toISOString().slice(11, 16);
  const late: OneFileOptions = {
    title: 'Altered last',
    policy: { window: { days: [...weekdays], from, minutes: 60 } },
  };
  const plan = await planned(late);
  const before = await motd();
  await approved(plan.id, plan.hash);
  await start(ada, plan.id);
  await bob.until('change', plan.id, 'progress', ({ text }) => text.startsWith('waits for its window'));
  await act(ada, plan.id, 'hand-over');
  await bob.until('change', plan.id, 'owner', ({ owner }) => owner === null);
  const stored = await stands(plan.id, 'plan');
  // Without its window it would begin at once.
  await tamper(plan.id, 'plan', stored.replace(/"window":\{[^}]*\}/, '"window":null'));
  await expect(act(bob, plan.id, 'take-over')).rejects.toThrow(altered);
  await expect(act(ada, plan.id, 'take-over')).rejects.toThrow(altered);
  // Neither is left as its owner.
  expect(await stands(plan.id, 'owner')).toBe('');
  await lab.etcdctl('node1', 'put', '--', keyOf(plan.id, 'plan'), stored);
  await bob.until('change', plan.id, 'progress', ({ text }) => text.startsWith('waits for its window'));
  await act(bob, plan.id, 'take-over');
  await bob.until('change', plan.id, 'owner', ({ owner }) => owner?.here === true);
  await act(bob, plan.id, 'stop');
  await bob.until('change', plan.id, 'progress', ({ state }) => state === 'stopped');
  expect(await motd()).toBe(before);
});

test('in observe mode the core itself refuses, whatever a window asks', async () => {
  const any = await ada.link.call('change.plan', { draft: other('Third'), password: null });
  await expect(watching.link.call('change.propose', { plan: any })).rejects.toMatchObject({
    problem: { code: 'refused' },
  });
  await expect(start(watching, any.id)).rejects.toMatchObject({ problem: { code: 'refused' } });
});

test('what needs no plan is for one host at a time on a protected cluster, and no wall where it is not', async () => {
  const hosts = ['node1', 'node2'];
  const refused = { problem: { code: 'refused', message: expect.stringContaining('one host at a time') } };
  const unit = { unit: 'web.service', verb: 'restart' } as const;
  await expect(ada.link.call('unit.plan', { hosts, ...unit })).rejects.toMatchObject(refused);
  const one = await ada.link.call('unit.plan', { hosts: ['node1'], ...unit });
  const [step] = one.steps;
  expect(step).toBeDefined();
  const forged = { ...one, hosts, steps: hosts.flatMap((host) => (step ? [{ ...step, host }] : [])) };
  await expect(ada.link.call('unit.act', { plan: forged, password: null })).rejects.toMatchObject(refused);
  const ask = { command: 'touch /tmp/asked', timeoutS: 10, elevate: true, password: null };
  await expect(ada.link.call('ask.start', { hosts, ...ask })).rejects.toMatchObject(refused);
  expect((await lab.exec('node1', ['test', '-e', '/tmp/asked'])).exitCode).not.toBe(0);
  await ada.link.call('ask.start', { hosts: ['node1'], ...ask });
  await ada.link.call('ask.start', { hosts, ...ask, command: 'id', elevate: false });
  await ada.link.call('unit.act', { plan: one, password: null });
});
