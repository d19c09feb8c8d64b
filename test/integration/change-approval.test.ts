import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { oneFile } from '#kit/one-file.ts';
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
});

test('a plan that is edited is another plan: what was approved does not hold for it', async () => {
  const plan = await ada.link.call('change.plan', { draft: other('Another'), password: null });
  const edited = { ...plan, title: 'Something else' };
  await expect(ada.link.call('change.propose', { plan: edited })).rejects.toThrow('altered after it was made');
  await expect(bob.link.call('change.approve', { id: plan.id, hash: plan.hash })).rejects.toThrow('there is no change');
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
