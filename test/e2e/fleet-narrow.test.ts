import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousViolations } from '#kit/axe.ts';
import { demoHosts, filterFleet, goTo, withDemoFleet } from '#kit/demo-window.ts';

let page: Page;

withDemoFleet((demo) => {
  ({ page } = demo);
});

test('a filter that cannot be read says what to write, in the field, after it was left', async () => {
  await goTo(page, 'fleet');
  await page.keyboard.press('/');
  await page.keyboard.type('chanel:beta');
  await page.keyboard.press('Enter');
  const field = page.getByRole('combobox', { name: 'Filter hosts' });
  const told = 'There is no field chanel. Did you mean channel:beta?';
  await page.getByText(told, { exact: true }).waitFor();
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  const description = (await field.getAttribute('aria-describedby')) ?? '';
  expect(await page.locator(`[id="${description}"]`).textContent()).toBe(told);
  expect(await seriousViolations(page)).toEqual([]);
});

test('at 150 % why a host is not well is cut with its whole text at hand, and the mode is not cut at all', async () => {
  await page.setViewportSize({ width: 853, height: 533 });
  await filterFleet(page, 'name:db-a1');
  const why = demoHosts(page).first().locator('.health-why');
  await expect.poll(() => why.getAttribute('title')).toMatch(/\/srv\/postgresql is \d+ % full/);
  expect(await why.locator('.health-reason').evaluate((it) => getComputedStyle(it).textOverflow)).toBe('ellipsis');
  const mode = await page.getByText('Operate', { exact: true }).boundingBox();
  expect((mode?.x ?? 853) + (mode?.width ?? 0)).toBeLessThanOrEqual(853);
});
