import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const reason = windowUnavailable();
let running: RunningConsole;
let window: OpenWindow;
let other: OpenWindow;
let page: Page;

// Nothing answers there: what is done to the console's own things is on record all the same.
const cluster = (name: string) => `name: ${name}\nmode: operate\nhosts:\n  - name: web-1\n    address: 192.0.2.1\n`;

beforeAll(async () => {
  if (reason) return;
  running = await startConsole({ clusters: { east: cluster('East'), west: cluster('West') } });
  window = await openWindow(running.link());
  other = await openWindow(running.link());
  ({ page } = window);
});
afterAll(async () => {
  await other?.end();
  await window?.end();
  await running?.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const go = (hash: string, to: Page = page) =>
  to.evaluate((at) => {
    location.hash = at;
  }, hash);
const rows = () => page.getByTestId('activity-entry').allTextContents();

/** Another person's window of the same console switches a cluster's mode. */
async function switchMode(id: string, mode: 'Observe' | 'Operate'): Promise<void> {
  await go(`#/c/${id}/settings`, other.page);
  const choice = other.page.getByRole('group', { name: 'Mode' }).getByRole('button', { name: mode });
  await choice.click();
  await expect.poll(() => choice.getAttribute('aria-pressed')).toBe('true');
}

test('shows what is done in this cluster as it is done, whoever does it, and all clusters on demand', async () => {
  await go('#/c/east/activity');
  await page.getByText('Nothing done here yet').waitFor();
  await switchMode('east', 'Observe');
  await expect.poll(rows).toHaveLength(1);
  await switchMode('west', 'Observe');
  await switchMode('east', 'Operate');
  await expect.poll(rows).toHaveLength(2);
  expect((await rows()).join(' ')).toMatch(/switched to operate mode.*switched to observe mode/);
  expect(await page.getByRole('columnheader', { name: 'Cluster' }).count()).toBe(0);

  await page.getByRole('button', { name: 'All clusters' }).click();
  await expect.poll(rows).toHaveLength(3);
  await page.getByRole('columnheader', { name: 'Cluster' }).waitFor();
  expect((await rows())[1]).toContain('west');
  expect(page.url()).toContain('of=all');
});

test('the open entry is in the address: a reload shows it again, and one of another console is said to be so', async () => {
  await go('#/c/east/activity');
  await expect.poll(rows).toHaveLength(2);
  await page.getByTestId('activity-entry').last().click();
  await page.getByRole('heading', { name: 'Entry 1' }).waitFor();
  const hash = /entry=([0-9a-f]{16})$/.exec(page.url())?.[1] ?? '';
  const [first = ''] = (await readFile(`${running.dir}/data/activity.jsonl`, 'utf8')).split('\n');
  expect(first).toContain(`"hash":"${hash}`);
  await page.reload();
  await page.getByRole('heading', { name: 'Entry 1' }).waitFor();
  // Of another cluster: not in the list, and shown all the same.
  await go(`#/c/west/activity?entry=${hash}`);
  await page.getByRole('heading', { name: 'Entry 1' }).waitFor();
  await expect.poll(rows).toHaveLength(1);
  await go('#/c/west/activity?entry=00000000000000ff');
  await page.getByText('This entry is not in the log of this console').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.url()).not.toContain('entry=');
});

test('the export holds what is listed, and no more', async () => {
  await go('#/c/east/activity?q=operate');
  await expect.poll(rows).toHaveLength(1);
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Export as JSON' }).click(),
  ]);
  const saved: unknown = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(saved).toMatchObject([{ cluster: 'east', what: 'switched to operate mode' }]);
});
