import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const reason = labUnavailable() ?? windowUnavailable();
/** Within how long loss and return are on screen. */
const seconds = { timeout: 8000 };
let lab: Lab;
let running: RunningConsole;
let window: OpenWindow;
let page: Page;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['debian', 'debian', 'debian'] });
  running = await startConsole({ clusters: { lab: labCluster(lab) } });
  window = await openWindow(running.link());
  ({ page } = window);
  await page.evaluate(() => {
    location.hash = '#/c/lab/etcd';
  });
  await page.getByText('3 of 3 up').waitFor({ timeout: 40_000 });
});
afterAll(async () => {
  await window?.end();
  await running?.end();
  await lab?.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const member = (name: string) => page.getByRole('table', { name: 'Members of etcd' }).getByRole('row', { name });
const etcd = (host: string, ...words: string[]) => lab.exec(host, ['systemctl', ...words, 'etcd.service']);

async function leader(): Promise<string> {
  await expect.poll(() => lab.leader(), { timeout: 15_000 }).not.toBeNull();
  return (await lab.leader()) ?? '';
}

test('the leader is killed: its loss, the new leader and the return of all three are told', async () => {
  const dead = await leader();
  await member(dead).getByText('leader').waitFor(seconds);
  await etcd(dead, 'stop');
  await page.getByText('2 of 3 up').waitFor(seconds);
  await member(dead).getByText('unreachable').waitFor(seconds);
  const next = await leader();
  expect(next).not.toBe(dead);
  await member(next).getByText('leader').waitFor(seconds);
  await etcd(dead, 'start');
  await page.getByText('3 of 3 up').waitFor(seconds);
});

test('a member is frozen: told in words, and that it answers again', async () => {
  const current = await leader();
  const frozen = ['node1', 'node2', 'node3'].find((name) => name !== current) ?? '';
  await etcd(frozen, 'kill', '--signal=STOP');
  await page.getByText('2 of 3 up').waitFor(seconds);
  expect(await member(frozen).innerText()).toContain('unreachable');
  await etcd(frozen, 'kill', '--signal=CONT');
  await page.getByText('3 of 3 up').waitFor(seconds);
});

test('the majority is gone: it is said that nothing can be written, and by whom it is missed', async () => {
  const hosts = ['node2', 'node3'];
  for (const host of hosts) await etcd(host, 'stop');
  await page.getByText('1 of 3 up').waitFor(seconds);
  await page
    .getByRole('region', { name: 'etcd cluster' })
    .getByText(/no leader|leader is missing|no quorum/i)
    .first()
    .waitFor(seconds);
  for (const host of hosts) await etcd(host, 'start', '--no-block');
  await page.getByText('3 of 3 up').waitFor({ timeout: 20_000 });
  expect(window.complaints).toEqual([]);
});
