import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Scope } from '#core/lib/scope.ts';
import { seriousViolations } from '#kit/axe.ts';
import { instanceOf, type NebraskaStandIn, startNebraska } from '#kit/nebraska-stand-in.ts';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const reason = windowUnavailable();
const shots = process.env['QUARTERDECK_SHOTS'];
const scope = new Scope('update server window');
let nebraska: NebraskaStandIn;
let running: RunningConsole;
let window: OpenWindow;
let page: Page;

beforeAll(async () => {
  if (reason) return;
  nebraska = await startNebraska(scope);
  const statuses = [4, 4, 4, 7, 6, 5, 8, 3, null];
  for (const [at, status] of statuses.entries())
    nebraska.instances.push(instanceOf(`${at}`.repeat(32), status, status === 4 ? '4230.2.1' : '4152.2.0'));
  nebraska.activities.push(
    { created_ts: new Date().toISOString(), class: 2, severity: 2, group_name: 'prod-eu', version: '4230.2.1' },
    { created_ts: new Date().toISOString(), class: 5, severity: 4, group_name: 'prod-eu', instance_id: '7'.repeat(32) },
  );
  const updates = `updates: {server: {kind: nebraska, url: "${nebraska.url}"}}`;
  running = await startConsole({
    clusters: { served: `name: Served\nmode: operate\n${updates}\nhosts: [{ name: web1, address: 192.0.2.1 }]\n` },
  });
  window = await openWindow(running.link());
  ({ page } = window);
  await page.goto(`${new URL(page.url()).origin}/#/c/served/updates/server`);
  await page.getByRole('link', { name: 'prod-eu' }).waitFor({ timeout: 30_000 });
});
afterAll(async () => {
  await window?.end();
  await running?.end();
  await scope.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

async function shoot(name: string): Promise<void> {
  if (!shots) return;
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
  ] as const)
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${shots}/${name}-${width}-${colorScheme}.png` });
    }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
}

test('groups are shown with their policy, and a policy is written as it was read', async () => {
  await page.getByText('2 every 15 minutes, no more than 2 at once.').first().waitFor();
  await page.getByText('Roll-out started').waitFor();
  await shoot('overview');
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'prod-eu' }).click();
  await page.getByText('not in this cluster').first().waitFor();
  await shoot('group');
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Edit policy' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit the policy of prod-eu' });
  await dialog.getByText('The server has exactly this already.').waitFor();
  await dialog.getByLabel('Interval', { exact: true }).fill('soon');
  await dialog.getByText('Write it as 15 minutes').waitFor();
  expect(await dialog.getByRole('button', { name: 'Write the policy of prod-eu' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Interval', { exact: true }).fill('1 hours');
  await dialog.getByLabel('Updates per interval').fill('3');
  await dialog.getByText('A roll-out of this group is under way').waitFor();
  await shoot('policy');
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Write the policy of prod-eu' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('3 every 1 hours, no more than 3 at once.').waitFor();
  expect(nebraska.groups[0]).toMatchObject({ policy_max_updates_per_period: 3, track: 'prod-eu' });
});

test('thousands of instances are drawn as far as they are seen, and gone through by keys', async () => {
  const few = nebraska.instances.splice(0);
  const id = (at: number) => at.toString(16).padStart(32, '0');
  for (let at = 0; at < 5000; at++) nebraska.instances.push(instanceOf(id(at), at % 9 === 0 ? null : 4, '4230.2.1'));
  await page.goto(`${new URL(page.url()).origin}/#/c/served/updates/server`);
  await page.getByRole('link', { name: 'prod-eu' }).click();
  const grid = page.getByRole('grid', { name: 'Instances' });
  await page.getByText('5,000 instances', { exact: true }).waitFor({ timeout: 60_000 });
  const drawn = () => grid.getByRole('row').count();
  expect(await drawn()).toBeLessThan(60);
  expect(await grid.getAttribute('aria-rowcount')).toBe('5001');
  await shoot('thousands');
  expect(await seriousViolations(page)).toEqual([]);
  await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await grid.getByText(id(4999)).waitFor();
  expect(await drawn()).toBeLessThan(60);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('PageDown');
  const cursor = grid.locator('.vtable-cursor');
  await cursor.getByText(id(18)).waitFor();
  await page.keyboard.press('End');
  await cursor.getByText(id(4999)).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('nothing known');
  await page.getByText('556 of 5,000 instances').waitFor();
  await page.getByLabel('Filter instances').fill(id(4321));
  await page.getByText('1 of 5,000 instances').waitFor();
  await page.getByRole('button', { name: `Set alias of ${id(4321)}` }).click();
  await page.getByRole('dialog', { name: 'Set an alias' }).getByLabel('Alias').fill('web-4321');
  await page.getByRole('button', { name: 'Call it web-4321' }).click();
  await expect.poll(() => nebraska.instances[4321]?.['alias'], { timeout: 30_000 }).toBe('web-4321');
  nebraska.instances.splice(0, Infinity, ...few);
});

test('with the server away, what it told last stays, with its age and why there is nothing newer', async () => {
  await page.goto(`${new URL(page.url()).origin}/#/c/served/updates/server`);
  await page.getByRole('link', { name: 'prod-eu' }).waitFor();
  nebraska.disturb = (request) => {
    request.socket.destroy();
    return true;
  };
  await page.getByRole('button', { name: 'Read now' }).click();
  await page.getByText('What is shown here was read').waitFor({ timeout: 30_000 });
  const isOld = () => page.getByTestId('server-parts').getAttribute('data-stale');
  expect(await isOld()).toBe('true');
  await page.getByRole('link', { name: 'prod-eu' }).click();
  await page.getByText(/instances: connection lost$/).waitFor({ timeout: 30_000 });
  expect(await page.getByText('perpage').count()).toBe(0);
  expect(await seriousViolations(page)).toEqual([]);
  nebraska.disturb = null;
  await page.getByRole('button', { name: 'Read now' }).click();
  await expect.poll(() => page.getByText('What is shown here was read').count(), { timeout: 30_000 }).toBe(0);
  expect(await isOld()).toBe('false');
});

test('the channel board leads here', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.getByRole('grid', { name: 'Groups by channel' }).waitFor();
  const places = page.getByRole('navigation', { name: 'Where updates come from' });
  expect(await places.getByRole('link').allInnerTexts()).toEqual(['Update server']);
  await places.getByRole('link', { name: 'Update server' }).click();
  await page.getByRole('link', { name: 'prod-eu' }).waitFor();
});

test('a package is promoted to a channel, and the palette leads here', async () => {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Host, unit, document, view or action').fill('update server');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Promote package to stable' }).click();
  const dialog = page.getByRole('dialog', { name: 'Promote a package to stable' });
  await dialog.getByLabel('Package').selectOption({ label: '4300.0.0' });
  await dialog.getByText('The server then offers 4300.0.0 to the groups prod-eu').waitFor();
  await shoot('promote');
  await dialog.getByRole('button', { name: 'Point stable at 4300.0.0' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => nebraska.channels[0]?.['package_id']).toBe('package-3');
  expect(window.complaints).toEqual([]);
});
