import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Scope } from '#core/lib/scope.ts';
import { seededRandom } from '#kit/random.ts';
import { skipUnless } from '#kit/skip.ts';
import { type Forward, startForward } from '#kit/tcp-forward.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const hosts = 30;
const size = { width: 1920, height: 1080 };
const reason = windowUnavailable();
let scope: Scope;
let running: RunningConsole;
let forward: Forward;
let window: OpenWindow;
let page: Page;

beforeAll(async () => {
  if (reason) return;
  scope = new Scope('window cut');
  running = await startConsole({ words: ['--demo-hosts', String(hosts)] });
  forward = await startForward(scope, new URL(running.link()).origin);
  window = await openWindow(running.link(), { ...size, via: forward.url });
  ({ page } = window);
  await live(page);
});
afterAll(async () => {
  await window?.end();
  await running?.end();
  await scope?.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

async function live(on: Page): Promise<void> {
  await on.waitForFunction((count) => document.querySelectorAll('[role="row"][aria-label]').length === count, hosts);
  await on.getByText(new RegExp(`(${hosts}|${hosts - 1}|${hosts - 2}) of ${hosts} hosts connected`)).waitFor();
}

/** Every row with all its values but how long ago they were read. */
/** What rows say, without ages: the clocks of two windows tick apart. */
async function rows(on: Page): Promise<string[]> {
  const texts = await on.evaluate(() =>
    [...document.querySelectorAll('[role="row"][aria-label]')].map((row) =>
      [...row.querySelectorAll('[role="gridcell"]')]
        .slice(0, -1)
        .map((cell) => cell.textContent)
        .join(' | '),
    ),
  );
  return texts.map((text) => text.replaceAll(/\d+ (?:s|min|h|d)\b/g, 'a while'));
}

test('cut in the middle of what it was told, again and again, the window ends up with the fleet as it is', async () => {
  const random = seededRandom(20);
  let lines = 0;
  page.on('websocket', () => lines++);
  for (let cut = 0; cut < 12; cut++) {
    // Some in the middle of a patch, some of the snapshot that follows the reconnect.
    forward.cutAfter(Math.floor(random() ** 2 * 40_000) + 1);
    await sleep(200 + random() * 600);
  }
  expect(lines).toBeGreaterThan(4);
  await live(page);
  const fresh = await openWindow(running.link(), size);
  try {
    await live(fresh.page);
    await expect
      .poll(
        async () => {
          const [here, there] = await Promise.all([rows(page), rows(fresh.page)]);
          return here.filter((row, index) => row !== there[index]);
        },
        { timeout: 20_000, interval: 100 },
      )
      .toEqual([]);
    expect(new Set(await rows(page)).size).toBe(hosts);
  } finally {
    await fresh.end();
  }
});

test('a network that is gone is said in words, and no longer when it is back', async () => {
  await forward.close(true);
  const words = page.getByText(/No connection to the console for/);
  await words.waitFor({ timeout: 10_000 });
  await forward.close(false);
  await words.waitFor({ state: 'detached', timeout: 15_000 });
  await live(page);
  expect(await rows(page)).toHaveLength(hosts);
});

test('a reload in the middle of it comes back to the same place', async () => {
  await page.getByRole('combobox', { name: 'Filter hosts' }).fill('label:role=web');
  await page.waitForFunction(() => decodeURIComponent(location.hash).includes('label:role=web'));
  const before = page.url();
  // Behind the page itself, whose other files the browser holds, and in the midst of the first snapshot.
  forward.cutAfter(12_000);
  await page.reload();
  await page.getByRole('row', { name: /^web-/ }).first().waitFor();
  expect(page.url()).toBe(before);
  expect(await page.getByRole('row', { name: /^etcd-/ }).count()).toBe(0);
});

test('back and forward lead through the views that were open', async () => {
  const at = () => page.evaluate(() => location.hash);
  const seen: string[] = [];
  for (const view of ['fleet', 'ask', 'etcd', 'activity']) {
    await page
      .getByRole('link', { name: new RegExp(`^${view}`, 'i') })
      .first()
      .click();
    await page.waitForFunction((name) => location.hash.includes(name), view);
    seen.push(await at());
  }
  for (const hash of seen.slice(0, -1).toReversed()) {
    await page.goBack();
    await expect.poll(at).toBe(hash);
  }
  await page.goForward();
  await page.getByRole('heading', { name: 'Ask the fleet' }).waitFor();
});

test('none of this made the page complain of anything but the network', () => {
  expect(window.complaints.filter((line) => !/WebSocket|ERR_|Failed to load resource/.test(line))).toEqual([]);
});
