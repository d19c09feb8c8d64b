import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousViolations } from '#kit/axe.ts';
import { goTo, withDemoFleet } from '#kit/demo-window.ts';

let page: Page;

withDemoFleet((demo) => {
  ({ page } = demo);
});

const path = '/etc/qd-undo.conf';
const change = () => page.getByRole('region', { name: 'The change' });
const committed = () => change().getByText('committed', { exact: true }).waitFor({ timeout: 60_000 });
const shown = (name: string) =>
  page.getByRole('group', { name: 'What is shown' }).getByRole('button', { name, exact: true });

test('a change is undone by a plan that is read first; undone again, it says that there is nothing to undo', async () => {
  await goTo(page, `config/compare?path=${encodeURIComponent(path)}&q=${encodeURIComponent('name:build-a1')}`);
  await page.getByRole('button', { name: 'Write this file' }).click({ timeout: 30_000 });
  await page.getByLabel(`${path} on 1 host`).fill('jobs = 2\n');
  await page.getByRole('button', { name: 'Read the plan' }).click();
  await page.getByRole('button', { name: 'Apply in stages to 1 host' }).click({ timeout: 30_000 });
  await committed();

  await shown('Undo it').click();
  await change().getByText('removed', { exact: true }).waitFor({ timeout: 30_000 });
  expect(await seriousViolations(page)).toEqual([]);
  await change().getByRole('button', { name: 'Undo in stages on 1 host' }).click();
  await page.getByRole('heading', { name: /^Undo: Edit / }).waitFor({ timeout: 30_000 });
  await committed();

  await page
    .getByRole('navigation', { name: 'Changes' })
    .getByRole('link', { name: /^Edit / })
    .click();
  await shown('Undo it').click();
  await page.getByRole('heading', { name: 'There is nothing to undo' }).waitFor({ timeout: 30_000 });
  await page.getByText('The files of 1 host are again as they were before this change.').waitFor();
  expect(await page.getByText('moved on').count()).toBe(0);
  expect(await page.getByText(/^Comparing/).count()).toBe(0);
});
