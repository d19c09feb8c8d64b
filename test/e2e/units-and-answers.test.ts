import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { goTo, withDemoFleet } from '#kit/demo-window.ts';

let page: Page;

withDemoFleet((demo) => {
  ({ page } = demo);
});

const go = (view: string) => goTo(page, view);
const rowNames = () =>
  page
    .getByRole('grid', { name: 'Units of etcd-a1' })
    .getByRole('row')
    .evaluateAll((rows) => rows.slice(1).map((row) => row.getAttribute('aria-label') ?? ''));

test('which units are listed is part of the address, and stays while one of them is opened and closed', async () => {
  await go('host/etcd-a1/units');
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Filter units' }).fill('ssh');
  await expect.poll(() => page.url()).toMatch(/\/units\?q=ssh&type=all$/);
  await page
    .getByRole('group', { name: 'Units by state' })
    .getByRole('button', { name: /active$/ })
    .first()
    .click();
  await expect.poll(() => page.url()).toMatch(/\/units\?q=ssh&type=all&state=active$/);
  const listed = await rowNames();
  expect(listed.length).toBeGreaterThan(0);
  await page.reload();
  await expect.poll(rowNames, { timeout: 30_000 }).toEqual(listed);
  await page.getByRole('row', { name: listed[0] ?? '', exact: true }).click();
  await page.getByRole('region', { name: `Unit ${listed[0]}` }).waitFor();
  expect(page.url()).toContain(`/units/${listed[0]}?q=ssh&type=all&state=active`);
  await page.getByRole('button', { name: 'Close the unit (Esc)' }).click();
  await expect.poll(() => page.url()).toMatch(/\/units\?q=ssh&type=all&state=active$/);
});

test('. opens the menu of the unit under the cursor, at its row; a verb shows its plan in the button', async () => {
  await go('fleet');
  await page.getByRole('combobox', { name: 'Filter hosts' }).waitFor();
  await go('host/etcd-a1/units?q=ssh');
  await expect.poll(async () => (await rowNames()).length).toBeGreaterThan(0);
  await page.getByRole('grid', { name: 'Units of etcd-a1' }).focus();
  await page.keyboard.press('.');
  const menu = page.getByRole('menu');
  await expect.poll(() => menu.getAttribute('aria-label')).toBe('etcd-a1');
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });

  await page.keyboard.press('j');
  const [unit = ''] = await rowNames();
  await page.keyboard.press('.');
  await expect.poll(() => menu.getAttribute('aria-label')).toBe(unit);
  const row = await page.getByRole('row', { name: unit, exact: true }).boundingBox();
  const box = await menu.boundingBox();
  expect(Math.abs((box?.y ?? 0) - (row?.y ?? 0))).toBeLessThan(40);
  await page.getByRole('menuitem', { name: `Restart ${unit}` }).click();
  await page.getByRole('button', { name: `Restart ${unit} on etcd-a1` }).waitFor();
  // Gone and come back to, it asks for nothing.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Close the unit (Esc)' }).click();
  await page.getByRole('row', { name: unit, exact: true }).click();
  await page.getByRole('group', { name: `Actions of ${unit}` }).waitFor();

  await page.getByRole('row', { name: unit, exact: true }).click({ button: 'right' });
  await expect.poll(() => menu.getAttribute('aria-label')).toBe(unit);
  await page.keyboard.press('Escape');
});

test('any two groups of answers are compared', async () => {
  await go('ask');
  await page.getByLabel('Command').fill('echo same; hostname | cut -c1-3');
  await page.keyboard.press('Control+Enter');
  const groups = page.getByTestId('ask-group');
  await expect.poll(() => groups.count(), { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
  await expect.poll(() => page.getByTestId('ask-summary').textContent()).not.toContain('waiting');
  const kinds = await groups.evaluateAll((all) =>
    all.map((one) => /same\s*(\w{3})/.exec(one.querySelector('code')?.textContent ?? '')?.[1] ?? ''),
  );
  await groups.nth(2).click();
  const output = page.getByRole('region', { name: 'Output' });
  const lines = output.locator('.diff-lines');
  await expect.poll(() => lines.textContent()).toContain(`${kinds[0]}`);
  const choice = output.getByLabel('Compared with');
  const second = await choice.locator('option').nth(1).getAttribute('value');
  await choice.selectOption(second);
  await expect.poll(() => lines.textContent()).toContain(`${kinds[1]}`);
  expect(await lines.textContent()).toContain(`${kinds[2]}`);
  expect(await lines.textContent()).not.toContain(`${kinds[0]}`);
});
