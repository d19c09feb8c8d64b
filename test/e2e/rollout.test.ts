import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { withDemoFleet } from '#kit/demo-window.ts';
import { seriousViolations } from '#kit/axe.ts';

const shots = process.env['QUARTERDECK_SHOTS'];
const rollOutMs = 420_000;
let page: Page;
let complaints: readonly string[];

withDemoFleet((demo) => {
  ({ page, complaints } = demo);
});
beforeAll(() => page?.getByText(/etcd healthy/).waitFor({ timeout: 20_000 }));

const board = () => page.getByRole('grid', { name: 'Groups by channel' });
const row = (name: string) =>
  board()
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name }) });
const pane = () => page.getByRole('complementary', { name: 'Update group' });
const change = () => page.getByRole('region', { name: 'The change' });
const hostsIn = async (column: string) => Number(await page.getByTestId(`work-count-${column}`).innerText());

async function shoot(name: string): Promise<void> {
  if (!shots) return;
  for (const [width, height, colorScheme] of [
    [1920, 1080, 'light'],
    [1280, 800, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${shots}/${name}-${width}-${colorScheme}.png` });
  }
}

test('a group is rolled out from the board: the plan says who goes from what to what, and how hosts go down', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await row('workers').getByText('4628.2.0').waitFor({ timeout: 60_000 });
  await shoot('1-board');
  await row('workers').getByRole('rowheader').click();
  await pane().getByRole('link', { name: 'Roll out' }).click();
  const plan = pane().getByRole('region', { name: 'The plan' });
  await plan.getByText('From 4593.2.1 to 4628.2.0 by update_engine, then a reboot.').first().waitFor();
  await plan.getByText('From 43.20261019.3.0 to 43.20261109.3.0 by rpm-ostree, then a reboot.').waitFor();
  await plan.getByText('at most 3 at once, at any time').waitFor();
  await plan.getByText('each holds a slot of the group workers while it is down').waitFor();
  await plan.getByText('a host that fails its checks boots its old system again, once, and keeps it').waitFor();
  expect(await plan.getByText('Side by side').count()).toBe(0);
  await shoot('2-plan');
  expect(await seriousViolations(page)).toEqual([]);
});

test('a host of the group says why it is not updated, and leads to the policy', async () => {
  const back = page.url();
  await page.goto(`${back.replace(/#.*$/, '')}#/c/demo/host/worker-a1/updates`);
  const why = page.getByRole('region', { name: /worker-a1/ }).filter({ hasText: 'Policy' });
  await why
    .getByText(/lena@ops paused the group workers/)
    .first()
    .waitFor({ timeout: 30_000 });
  await shoot('3-why');
  await why.getByRole('link', { name: 'Look at its policy' }).first().click();
  await pane().getByRole('form', { name: 'Policy' }).waitFor();
  expect(page.url()).toContain('/updates/workers/policy');
  await pane().getByRole('link', { name: 'Roll out' }).click();
});

test('once it is begun, hosts move through their lanes until the lock that a ghost holds is in the way', async () => {
  await pane().getByRole('button', { name: 'Roll out to 5 hosts' }).click({ timeout: 30_000 });
  await change().getByRole('region', { name: 'Wave 1' }).waitFor();
  await expect.poll(() => hostsIn('downloading'), { timeout: 60_000 }).toBeGreaterThan(0);
  await shoot('4-downloading');
  const waits = page.getByRole('list', { name: 'What hosts wait for' });
  await waits.getByText(/hold all 2 slots of airlock's reboot lock of group workers/).waitFor({ timeout: 120_000 });
  await shoot('5-lock');
  expect(await seriousViolations(page)).toEqual([]);
  await waits.getByRole('link', { name: 'Look at the reboot locks' }).click();
  const lock = page.getByRole('article', { name: 'airlock, group workers' });
  await lock
    .getByRole('row')
    .filter({ hasText: 'may be a ghost' })
    .getByRole('button', { name: /^Clear this holder/ })
    .click({ timeout: 30_000 });
  await page.getByRole('button', { name: /^Clear .* from airlock, group workers$/ }).click();
  await page.goBack();
  await expect
    .poll(async () => (await hostsIn('held')) + (await hostsIn('rebooting')), { timeout: 60_000 })
    .toBeGreaterThan(0);
});

test('they reboot one after the other, are checked, and the versions on the board have moved', {
  timeout: rollOutMs,
}, async () => {
  await expect.poll(() => hostsIn('rebooting'), { timeout: 60_000 }).toBe(1);
  await shoot('6-rebooting');
  await expect.poll(() => hostsIn('done'), { timeout: rollOutMs }).toBe(5);
  await change().getByText('committed', { exact: true }).waitFor();
  await shoot('7-done');
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await expect.poll(() => row('workers').innerText(), { timeout: 60_000 }).toMatch(/4628\.2\.0\s+4/);
  expect(await row('workers').innerText()).not.toMatch(/4593|43\.20261019/);
  // It still waits for the others, though nobody is offered it any more.
  expect(await row('control-plane').innerText()).toContain('4628.2.0');
  await shoot('8-board');
  expect(complaints).toEqual([]);
});
