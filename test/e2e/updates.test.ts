import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousViolations } from '#kit/axe.ts';
import { demoHosts, filterFleet, openUpdatesOf, openUpdatesTab, withDemoFleet } from '#kit/demo-window.ts';

let page: Page;
withDemoFleet((window) => ({ page } = window));

const hosts = () => demoHosts(page);

test('the fleet is filtered by how far an update is, and the host’s page shows it move', async () => {
  await page.getByRole('combobox', { name: 'Filter hosts' }).fill('update:downloading');
  await expect.poll(() => hosts().count(), { timeout: 30_000 }).toBeGreaterThan(0);
  await page.keyboard.press('Escape');
  await hosts().first().getByRole('link').click();
  await openUpdatesTab(page);
  const card = page.getByRole('region', { name: 'Update', exact: true });
  await card.getByText(/^Downloads 4\d{3}\.\d\.\d: \d+ % of 497 MB\.$/).waitFor();
  const before = await card.innerText();
  await expect.poll(() => card.innerText(), { timeout: 30_000 }).not.toBe(before);
  await page.getByRole('region', { name: 'Slots' }).getByText('booted, boots next').waitFor();
  await page.getByRole('region', { name: 'Agent and policy' }).getByText('(/etc/flatcar/update.conf)').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
});

test('deployments and packages have their own parts', async () => {
  await openUpdatesOf(page, 'agent:rpm-ostree');
  await page.getByRole('region', { name: 'Deployments' }).getByText('booted, boots next').waitFor();
  await openUpdatesOf(page, 'agent:apt update:available');
  await page
    .getByRole('region', { name: 'Packages' })
    .getByText(/for security\.$/)
    .waitFor();
  expect(await page.getByRole('region', { name: 'Deployments' }).count()).toBe(0);
});

test('why a host is not updated is told in order, with the first thing that stops it, and it is found by that', async () => {
  await filterFleet(page, 'heldby:policy');
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
  await openUpdatesOf(page, 'update:idle agent:rpm-ostree -heldby:*');
  await page.getByText(/^It is up to date: it runs \d[\d.]+, and nothing newer is offered\.$/).waitFor();
  expect(await page.getByTestId('why-answer').innerText()).toMatch(/nothing newer is offered/);
});
