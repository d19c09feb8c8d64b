import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { labCluster } from '#kit/cluster-text.ts';
import { type Lab, labUnavailable, startLab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';

const reason = labUnavailable();
const lingerMs = 500;
let lab: Lab;
let core: TestCore;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['debian'], etcd: 'none' });
  core = await startTestCore({ clusters: { lab: labCluster(lab) }, lingerMs });
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const running = async () => (await lab.exec('node1', ['pgrep', '-f', '^sleep 41'])).stdout.trim() !== '';

test('a question goes on after its last viewer left, its answer is there for the next; then the connections end', async () => {
  const first = core.view('lab');
  await first.until('host', 'node1', 'link', ({ state }) => state === 'up');
  const ask = { hosts: ['node1'], command: 'sleep 4100 || echo ended', timeoutS: 60, elevate: false, password: null };
  const { run } = await first.link.call('ask.start', ask);
  await expect.poll(running, { timeout: 10_000 }).toBe(true);
  first.end();
  await sleep(lingerMs * 4);
  expect(await running()).toBe(true);
  await lab.exec('node1', ['pkill', '-f', '^sleep 41']);
  const second = core.view('lab');
  const progress = await second.until('ask', run, 'progress', ({ state }) => state === 'done');
  expect(progress.answered).toBe(1);
  second.end();
  // Nothing is under way any more: the cluster is closed, and what it kept with it.
  await sleep(lingerMs * 4);
  const third = core.view('lab');
  await third.until('host', 'node1', 'link', ({ state }) => state === 'up');
  expect(third.record('ask', run)).toBeUndefined();
});

test('in observe mode nothing may be asked, but what runs may be ended', async () => {
  const view = core.view('lab');
  await view.until('host', 'node1', 'link', ({ state }) => state === 'up');
  const ask = { hosts: ['node1'], command: 'sleep 4101', timeoutS: 60, elevate: false, password: null };
  const { run } = await view.link.call('ask.start', ask);
  await expect.poll(running, { timeout: 10_000 }).toBe(true);
  await view.link.call('clusters.set-mode', { id: 'lab', mode: 'observe' });
  await view.until('cluster', '', 'about', ({ mode }) => mode === 'observe');
  await expect(view.link.call('ask.start', ask)).rejects.toMatchObject({ code: 'refused' });
  await view.link.call('ask.cancel', { run });
  await view.until('ask', run, 'progress', ({ state }) => state === 'cancelled');
  await expect.poll(running, { timeout: 10_000 }).toBe(false);
  await view.link.call('clusters.set-mode', { id: 'lab', mode: 'operate' });
});
