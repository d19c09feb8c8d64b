import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { seriousViolations } from '#kit/axe.ts';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const reason = windowUnavailable();
const shots = process.env['QUARTERDECK_SHOTS'];
let running: RunningConsole;
let window: OpenWindow;
let page: Page;

beforeAll(async () => {
  if (reason) return;
  running = await startConsole({ words: ['--demo'] });
  const [width, height] = (process.env['QUARTERDECK_SHOTS_SIZE'] ?? '1280x800').split('x').map(Number);
  const theme = process.env['QUARTERDECK_SHOTS_THEME'] === 'light' ? 'light' : 'dark';
  window = await openWindow(running.link(), { width: width ?? 1280, height: height ?? 800, theme });
  ({ page } = window);
  await page.waitForFunction(() => /2[234] of 24 hosts connected/.test(document.body.innerText), undefined, {
    timeout: 60_000,
  });
});
afterAll(async () => {
  await window?.end();
  await running?.end();
  expect(window?.complaints ?? []).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

async function shot(name: string): Promise<void> {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
}

/** The palette's line for what is called so. */
async function fromPalette(text: string, line: RegExp): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(text);
  await page.getByRole('option', { name: line }).first().click();
}

async function openHost(name: string): Promise<void> {
  await fromPalette(name, new RegExp(`^${name}`));
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

test('a host is rebooted from its page: the plan, the lock, down on purpose, and back in another boot', async () => {
  await openHost('web-b2');
  await page.getByRole('button', { name: 'Actions of web-b2' }).click();
  await page.getByRole('menuitem', { name: 'Reboot web-b2…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reboot web-b2' });
  await dialog.getByText('sudo systemctl reboot').waitFor();
  await dialog.getByText(/^It takes airlock's reboot lock of group/).waitFor();
  await shot('plan');
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Reboot web-b2' }).click();
  await dialog.getByText('it goes down; watching that it comes back').waitFor({ timeout: 20_000 });
  await shot('going');
  await dialog.getByText(/it is back in another boot/).waitFor({ timeout: 60_000 });
  await shot('done');
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await page.getByRole('region', { name: 'Recent actions' }).getByText('reboot', { exact: true }).waitFor();
  await shot('page');
}, 120_000);

test('a reboot is told to wait for a window: when it begins is said, nothing is asked while it is typed, and it waits', async () => {
  await openHost('web-c1');
  await page.getByRole('button', { name: 'Actions of web-c1' }).click();
  await page.getByRole('menuitem', { name: 'Reboot web-c1…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reboot web-c1' });
  await dialog.getByRole('button', { name: 'Reboot web-c1' }).waitFor({ timeout: 20_000 });
  await dialog.getByText('In windows', { exact: true }).click();
  await dialog.getByLabel('Time zone').fill('Atlantis');
  await dialog.getByText('Atlantis is no time zone: as Europe/Rome or UTC.').waitFor();
  expect(await dialog.getByRole('button', { name: /^Reboot web-c1/ }).count()).toBe(0);
  await dialog.getByLabel('Time zone').fill('UTC');
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const far = days[(new Date().getUTCDay() + 2) % 7] ?? '';
  if (far !== 'Sat') {
    await dialog.getByRole('button', { name: far }).click();
    await dialog.getByRole('button', { name: 'Sat' }).click();
  }
  await dialog.getByLabel('Begins').fill('03:30');
  await dialog.getByLabel('Lasts').fill('2 h');
  const begin = dialog.getByRole('button', { name: 'Reboot web-c1 in its window' });
  await begin.waitFor({ timeout: 20_000 });
  await dialog.getByText(`It begins when the window opens ${far} 03:30, UTC. It waits for that`).waitFor();
  // What is typed must not land on the button that takes a host down.
  expect(await dialog.getByLabel('Lasts').evaluate((field) => field === document.activeElement)).toBe(true);
  await dialog.getByText(`Waits: The window opens ${far} 03:30, UTC.`).waitFor();
  await shot('window');
  expect(await seriousViolations(page)).toEqual([]);
  await begin.click();
  await dialog
    .getByTestId('action-outcome')
    .getByText(`The window opens ${far} 03:30, UTC.`)
    .waitFor({ timeout: 20_000 });
  await shot('window-waits');
  await dialog.getByRole('button', { name: 'Cancel it' }).click();
  await dialog.getByText('it was cancelled before it began').waitFor({ timeout: 20_000 });
  await page.keyboard.press('Escape');
}, 120_000);

test('who is logged in is told before and waited for; it can be cancelled, and the impatient go on', async () => {
  await fromPalette('Fleet', /^Fleet/);
  await page.getByRole('grid', { name: 'Hosts' }).waitFor();
  await page.keyboard.press('Control+a');
  await fromPalette('Reboot 2', /^Reboot \d+ hosts…/);
  const many = page.getByRole('dialog', { name: /^Reboot \d+ hosts/ });
  const waits = many
    .locator('.reboot-step', { hasText: /Waits: \w+ on pts\/0 is logged in; they would be warned/ })
    .first();
  await waits.waitFor({ timeout: 20_000 });
  const name = (await waits.locator('b').innerText()).split(',')[0] ?? '';
  await shot('many');
  await many.getByRole('button', { name: 'Cancel' }).click();

  const begin = async () => {
    await openHost(name);
    await page.getByRole('button', { name: `Actions of ${name}` }).click();
    await page.getByRole('menuitem', { name: `Reboot ${name}…` }).click();
    const dialog = page.getByRole('dialog', { name: `Reboot ${name}` });
    await dialog.getByRole('button', { name: `Reboot ${name}` }).click();
    await dialog.getByText(/is logged in; they were warned/).waitFor({ timeout: 20_000 });
    return dialog;
  };
  const first = await begin();
  await shot('waits');
  expect(await seriousViolations(page)).toEqual([]);
  await first.getByRole('button', { name: 'Cancel it' }).click();
  await first.getByText('it was cancelled before it began').waitFor({ timeout: 10_000 });
  await page.keyboard.press('Escape');

  const second = await begin();
  await second.getByRole('button', { name: `Reboot ${name} now` }).click();
  await second.getByText(/it is back in another boot, and the reboot lock was given back/).waitFor({ timeout: 60_000 });
  await shot('hurried');
}, 150_000);
