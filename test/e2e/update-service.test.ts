import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { seriousViolations } from '#kit/axe.ts';
import { OmahaMachine } from '#kit/omaha-client.ts';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const reason = windowUnavailable();
const response = readFileSync(new URL('../fixtures/omaha/offer-3760.xml', import.meta.url), 'utf8');
const clusters = { lab: 'name: Lab\nmode: operate\nhosts: []\n' };
let running: RunningConsole;
let window: OpenWindow;
let page: Page;

beforeAll(async () => {
  if (reason) return;
  running = await startConsole({ clusters, words: ['--update-service', '127.0.0.1:0'] });
  window = await openWindow(running.link());
  ({ page } = window);
});
afterAll(async () => {
  await window?.end();
  await running?.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const part = (name: string) => page.getByRole('navigation', { name: 'Parts of the update service' }).getByText(name);
const dialog = (name: string) => page.getByRole('dialog', { name });

test('a console that serves nobody says how to turn it on', async () => {
  const other = await startConsole({ clusters });
  const look = await openWindow(other.link());
  try {
    await look.page.getByText('Lab').first().waitFor();
    await look.page.evaluate(() => (location.hash = '#/c/lab/updates/service'));
    await look.page
      .getByText('quarterdeck serve --update-service 127.0.0.1:8000 --update-service-cluster lab')
      .waitFor();
    await look.page.getByRole('heading', { name: 'There is no group yet' }).waitFor();
    expect(await seriousViolations(look.page)).toEqual([]);
    expect(look.complaints).toEqual([]);
  } finally {
    await look.end();
    await other.end();
  }
});

test('a release is imported, a channel names it, a group follows, and machines are given it as its policy says', async () => {
  await page.getByText('Lab').first().waitFor();
  await page.evaluate(() => (location.hash = '#/c/lab/fleet'));
  // Found by its name as anything is.
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find a host, a unit, an action' }).fill('update service');
  await page.getByRole('option', { name: /^Update service/ }).click();
  const url = /SERVER=(\S+)/.exec(await page.getByText('SERVER=http').innerText())?.[1] ?? '';
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/update\/$/);
  expect(running.errors()).toContain(`SERVER=${url}`);

  await part('Packages').click();
  await page.getByRole('button', { name: 'Import a release' }).click();
  await dialog('Import a release').getByLabel('What an update server answers').fill(response);
  await dialog('Import a release').getByRole('button', { name: 'Read the release' }).click();
  await dialog('Add a package').getByText('Filled in from the Omaha response.').waitFor();
  await dialog('Add a package').getByLabel('Version').fill('newest');
  await dialog('Add a package').getByText('not a version like 4230.2.1').waitFor();
  await dialog('Add a package').getByLabel('Version').fill('3760.1.1');
  expect(await seriousViolations(page)).toEqual([]);
  await dialog('Add a package').getByRole('button', { name: 'Add package 3760.1.1' }).click();
  await page.getByText('flatcar-amd64-3760.1.1.gz').waitFor();

  await part('Channels').click();
  await page.getByRole('button', { name: 'Add a channel' }).click();
  await dialog('Add a channel').getByLabel('Name').fill('stable');
  await dialog('Add a channel').getByLabel('Package').selectOption({ label: '3760.1.1' });
  await dialog('Add a channel').getByRole('button', { name: 'Add channel stable' }).click();
  await page.getByRole('row', { name: /stable amd64 3760\.1\.1/ }).waitFor();

  await part('Groups').click();
  await page.getByRole('button', { name: 'Add a group' }).click();
  await dialog('Add a group').getByLabel('Name').fill('Production');
  await dialog('Add a group').getByLabel('Track').fill('stable');
  await dialog('Add a group').getByLabel('Channel').selectOption({ label: 'stable' });
  await dialog('Add a group').getByLabel('At most so many updates').fill('2');
  await dialog('Add a group')
    .getByText('At most 2 updates per hour, and as many at once; the first one alone')
    .waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await dialog('Add a group').getByRole('button', { name: 'Add group Production' }).click();
  const card = page.getByRole('article', { name: 'Group Production' });
  await card.getByText('updates enabled').waitFor();

  const machines = ['a', 'b', 'c'].map((one) => new OmahaMachine(url, one.repeat(32), '3602.2.0'));
  const answers = [];
  for (const machine of machines) answers.push(await machine.check());
  expect(answers).toEqual([
    '3760.1.1',
    'error-maxUpdatesPerPeriodLimitReached',
    'error-maxUpdatesPerPeriodLimitReached',
  ]);
  await machines[0]?.install();
  await card.getByText('The roll-out of 3760.1.1 is under way').waitFor();
  await card.getByRole('link', { name: 'Show its instances' }).click();
  await page.getByRole('row', { name: /^a{32} installed/ }).waitFor();
  await page.getByRole('row', { name: /^c{32} on hold/ }).waitFor();
  await page.getByRole('button', { name: `Show history of ${'a'.repeat(32)}` }).click();
  await dialog('Machine').getByText('downloaded', { exact: true }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');

  // The first one fails: updates are disabled, and why stands in the activity.
  await machines[0]?.fail(9);
  await part('Activity').click();
  await page.getByText('updates are disabled: the first update of the roll-out failed').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await part('Groups').click();
  await card.getByText('updates disabled').waitFor();
  await card.getByRole('button', { name: 'Edit Production' }).click();
  await dialog('Edit group Production').getByLabel('Updates are enabled').check();
  await dialog('Edit group Production').getByText('begins the roll-out anew').waitFor();
  await dialog('Edit group Production').getByRole('button', { name: 'Save group Production' }).click();
  await card.getByText('updates enabled').waitFor();
  expect(window.complaints).toEqual([]);
});
