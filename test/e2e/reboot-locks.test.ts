import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const reason = windowUnavailable();
let running: RunningConsole;
let window: OpenWindow;
let page: Page;

beforeAll(async () => {
  if (reason) return;
  running = await startConsole({ words: ['--demo'] });
  window = await openWindow(running.link());
  ({ page } = window);
  await page.getByText('24 of 24 hosts connected').waitFor({ timeout: 60_000 });
  await page.getByRole('link', { name: 'etcd', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Reboot locks' }).waitFor({ timeout: 15_000 });
});
afterAll(async () => {
  await window?.end();
  await running?.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const workers = () => page.getByRole('article', { name: 'airlock, group workers' });

test('a ghost is told from a holder that is up, and cleared after its exact change was read', async () => {
  const rows = workers().getByRole('row');
  const ghost = rows.filter({ hasText: 'may be a ghost' });
  await ghost.getByText('No host of this cluster has this id.').waitFor({ timeout: 30_000 });
  await rows.filter({ hasNotText: 'unknown host' }).getByText('up', { exact: true }).waitFor();
  await ghost.getByRole('button', { name: /^Clear this holder/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Clear this holder' });
  const id = (await dialog.locator('p.mono').innerText()).trim();
  await dialog.getByLabel('Value now').getByText(id).waitFor();
  expect(await dialog.getByLabel('Value then').innerText()).not.toContain(id);
  await dialog.getByRole('button', { name: `Clear ${id} from airlock, group workers` }).click();
  await dialog.waitFor({ state: 'hidden' });
  await workers().getByText('1 of 2 slots taken').waitFor();
  expect(await workers().innerText()).not.toContain(id);
});

test('the number of slots is set as the button says, and never to nonsense', async () => {
  await workers().getByRole('button', { name: 'Set max' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set how many may reboot at once' });
  await dialog.getByLabel('Slots').fill('0');
  await dialog.getByText('A whole number from 1 to 1000.').waitFor();
  await dialog.getByLabel('Slots').fill('3');
  await dialog.getByText('Up to 3 hosts may then reboot at the same time.').waitFor();
  await dialog.getByRole('button', { name: 'Set max of airlock, group workers from 2 to 3' }).click();
  await workers().getByText('1 of 3 slots taken').waitFor();
  expect(window.complaints).toEqual([]);
});
