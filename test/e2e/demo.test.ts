import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { seriousViolations } from '#kit/axe.ts';
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
});
afterAll(async () => {
  await window?.end();
  await running?.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

test('--demo opens straight at 24 live hosts with an etcd of three', async () => {
  await page.waitForFunction(() => /2[234] of 24 hosts connected/.test(document.body.innerText), undefined, {
    timeout: 60_000,
  });
  await page.getByText(/etcd healthy · 3 of 3 members/).waitFor({ timeout: 20_000 });
  expect(page.url()).toContain('/fleet');
});

test('a link that was copied opens where it is pasted, as a path, and after the command that starts a console', async () => {
  const demo = /#\/c\/([^/?]+)/.exec(page.url())?.[1] ?? '';
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((hash) => (location.hash = hash), `#/c/${demo}/fleet?q=label%3Arole%3Detcd&layout=honeycomb`);
  await page.getByRole('button', { name: 'Copy link to this view' }).click();
  await page.getByRole('button', { name: /^Copied: paste it in Ctrl-K/ }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`quarterdeck://c/${demo}/fleet?q=label%3Arole%3Detcd&layout=honeycomb`);

  await page.evaluate((hash) => (location.hash = hash), `#/c/${demo}/etcd`);
  await page.keyboard.press('Control+k');
  await page.keyboard.insertText(link);
  await page.getByRole('option', { name: /Open the link/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/fleet\?q=label%3Arole%3Detcd&layout=honeycomb$/);

  await page.goto(new URL(`/c/${demo}/fleet?q=label%3Arole%3Dweb`, page.url()).href);
  await page.waitForURL(/\/#\/c\/[^/]+\/fleet\?q=label%3Arole%3Dweb$/);
  await page.getByRole('combobox', { name: 'Filter hosts' }).waitFor();

  const another = await startConsole({ words: ['quarterdeck://c/nowhere/etcd'] });
  const opened = await openWindow(another.link());
  await opened.page.waitForURL(/#\/c\/nowhere\/etcd$/);
  await opened.end();
  await another.end();
  await page.evaluate((hash) => (location.hash = hash), `#/c/${demo}/fleet`);
});

test('the filter leaves the hosts that it names, and says so in the address', async () => {
  await page.getByRole('combobox', { name: 'Filter hosts' }).fill('label:role=etcd');
  await expect
    .poll(
      () =>
        page
          .getByRole('grid', { name: 'Hosts' })
          .getByRole('row', { name: /^etcd-/ })
          .count(),
      { timeout: 5_000 },
    )
    .toBe(3);
  expect(await page.getByRole('row', { name: /^web-/ }).count()).toBe(0);
  expect(decodeURIComponent(page.url())).toContain('label:role=etcd');
  await page.getByRole('combobox', { name: 'Filter hosts' }).fill('');
  await page.keyboard.press('Escape');
});

test('an ssh configuration that is pasted is looked at as one’s own is', async () => {
  await page.evaluate(() => {
    location.hash = '#/add/ssh-config';
  });
  await page.getByRole('button', { name: 'Pasted text' }).click();
  await page
    .getByRole('textbox', { name: 'Configuration' })
    .fill('Host web-7\n  HostName 10.9.8.7\n  Port 2222\nInclude more\nHost *\n  User core\n');
  const found = page.getByRole('row', { name: /web-7/ });
  await found.waitFor();
  expect(await found.innerText()).toContain('10.9.8.7');
  await page.getByText(/Include .*more is not followed in pasted text/).waitFor();
  await page.evaluate(() => {
    location.hash = '#/c/demo/fleet';
  });
});

test.each(['dark', 'light'] as const)(
  'no view has a serious accessibility violation, nor does the page complain (%s)',
  async (theme) => {
    await page.emulateMedia({ colorScheme: theme });
    const cluster = /#\/c\/([^/?]+)/.exec(page.url())?.[1] ?? '';
    const found: string[] = [];
    for (const view of [
      'fleet',
      'host/etcd-a1',
      'host/etcd-a1/units',
      'host/etcd-a1/facts',
      'host/etcd-a1/connection',
      'ask',
      'etcd',
      'activity',
      'settings',
    ]) {
      await page.evaluate((to) => {
        location.hash = to;
      }, `#/c/${cluster}/${view}`);
      await page.waitForTimeout(700);
      found.push(...(await seriousViolations(page)).map((violation) => `${view}: ${violation}`));
    }
    expect(found).toEqual([]);
    expect(window.complaints).toEqual([]);
  },
);
