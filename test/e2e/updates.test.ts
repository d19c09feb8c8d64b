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
  await page.waitForFunction(() => /2[234] of 24 hosts connected/.test(document.body.innerText), undefined, {
    timeout: 60_000,
  });
});
afterAll(async () => {
  await window?.end();
  await running?.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const hosts = () => page.getByRole('grid', { name: 'Hosts' }).getByRole('row', { name: /^[a-z]+-[abc]\d/ });

test('the fleet is filtered by how far an update is, and the host’s page shows it move', async () => {
  await page.getByRole('combobox', { name: 'Filter hosts' }).fill('update:downloading');
  await expect.poll(() => hosts().count(), { timeout: 30_000 }).toBeGreaterThan(0);
  await page.keyboard.press('Escape');
  await hosts().first().getByRole('link').click();
  await page
    .getByRole('navigation', { name: /^Parts of/ })
    .getByRole('link', { name: 'Updates' })
    .click();
  const card = page.getByRole('region', { name: 'Update', exact: true });
  await card.getByText(/^Downloads 4\d{3}\.\d\.\d: \d+ % of 497 MB\.$/).waitFor();
  const before = await card.innerText();
  await expect.poll(() => card.innerText(), { timeout: 30_000 }).not.toBe(before);
  await page.getByRole('region', { name: 'Slots' }).getByText('booted, boots next').waitFor();
  await page.getByRole('region', { name: 'Agent and policy' }).getByText('(/etc/flatcar/update.conf)').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
});

test('deployments and packages have their own parts', async () => {
  const open = async (filter: string) => {
    await page.evaluate((text) => {
      location.hash = `${location.hash.replace(/\/(host|fleet).*/, '')}/fleet?q=${encodeURIComponent(text)}`;
    }, filter);
    await expect.poll(() => hosts().count(), { timeout: 30_000 }).toBeGreaterThan(0);
    await hosts().first().getByRole('link').click();
    await page
      .getByRole('navigation', { name: /^Parts of/ })
      .getByRole('link', { name: 'Updates' })
      .click();
  };
  await open('agent:rpm-ostree');
  await page.getByRole('region', { name: 'Deployments' }).getByText('booted, boots next').waitFor();
  await open('agent:apt update:available');
  await page
    .getByRole('region', { name: 'Packages' })
    .getByText(/for security\.$/)
    .waitFor();
});

test('why a host is not updated is told in order, with the first thing that stops it, and it is found by that', async () => {
  await page.evaluate(() => {
    location.hash = `${location.hash.replace(/\/(host|fleet).*/, '')}/fleet?q=${encodeURIComponent('heldby:policy')}`;
  });
  await expect.poll(() => hosts().count(), { timeout: 30_000 }).toBeGreaterThan(0);
  const name = (await hosts().first().getByRole('link').innerText()).trim();
  await hosts().first().getByRole('link').click();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Host, unit, document, view or action').fill(`Why is ${name} not updating`);
  await page.getByRole('option', { name: `Why is ${name} not updating?` }).click();
  const why = page.getByRole('region', { name: `Why is ${name} not updating?` });
  const first = why.locator('tr[aria-current="true"]');
  await first.waitFor();
  expect(await first.count()).toBe(1);
  expect(await first.innerText()).toMatch(/^Policy\s+stops it/);
  expect(await why.getByTestId('why-answer').innerText()).toMatch(/^held\s+\S/);
  expect(await why.getByRole('rowheader').allInnerTexts()).toEqual([
    'Reachable',
    'Agent',
    'Server',
    'Channel',
    'Offered',
    'Held version',
    'Policy',
    'Window',
    'Lock',
    'Kubernetes',
    'Quorum',
    'People',
    'Roll-out',
    'Disk space',
  ]);
  expect(await seriousViolations(page)).toEqual([]);
});

test('a host that is up to date says so plainly', async () => {
  await page.evaluate(() => {
    location.hash = `${location.hash.replace(/\/(host|fleet).*/, '')}/fleet?q=${encodeURIComponent('update:idle agent:rpm-ostree -heldby:*')}`;
  });
  await expect.poll(() => hosts().count(), { timeout: 30_000 }).toBeGreaterThan(0);
  await hosts().first().getByRole('link').click();
  await page
    .getByRole('navigation', { name: /^Parts of/ })
    .getByRole('link', { name: 'Updates' })
    .click();
  await page.getByText(/^It is up to date: it runs \d[\d.]+, and nothing newer is offered\.$/).waitFor();
});
