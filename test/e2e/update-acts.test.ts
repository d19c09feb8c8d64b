import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousViolations } from '#kit/axe.ts';
import { demoHosts, filterFleet, openUpdatesOf, withDemoFleet } from '#kit/demo-window.ts';

let page: Page;
withDemoFleet((window) => ({ page } = window));

const hosts = () => demoHosts(page);
const acts = () => page.getByRole('region', { name: 'Tell the agent' });
const shot = async (name: string) => {
  const folder = process.env['QUARTERDECK_SHOTS'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
};

/** Opens what the agent of the first host that fits can be told. */
async function open(filter: string) {
  await openUpdatesOf(page, filter);
  await acts().getByRole('button', { name: 'Check for updates' }).waitFor();
}

test('a host’s agent is told to check: the plan first, then it moves; what it cannot be told says why', async () => {
  await open('agent:update-engine update:idle');
  const reset = acts().getByRole('button', { name: 'Forget the update that waits' });
  expect(await reset.isDisabled()).toBe(true);
  expect(await reset.getAttribute('title')).toBe('Not now: no update waits: the next boot takes what runs');
  await acts()
    .getByText(/are off$/)
    .click();
  await acts().getByText('Resume updates: update-engine.service runs already.').waitFor();
  await shot('acts');
  await acts().getByRole('button', { name: 'Check for updates' }).click();
  await acts().getByText('update_engine asks its server now and downloads by itself what is offered.').waitFor();
  await acts().getByText('sudo update_engine_client -check_for_update').waitFor();
  await shot('plan');
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await acts().getByText('update_engine checks now').waitFor();
  await page
    .getByRole('region', { name: 'Update', exact: true })
    .getByText(/is offered|Downloads|Asks the update server|No update is pending/)
    .first()
    .waitFor();
});

test('a channel is set by a staged change of update.conf', async () => {
  await open('agent:update-engine update:idle');
  await acts().getByRole('button', { name: 'Set the channel…' }).click();
  await acts().getByRole('textbox', { name: 'Channel' }).fill('alpha');
  await page.keyboard.press('Enter');
  await acts().getByRole('button', { name: 'Plan the change of 1 host' }).click();
  await acts().getByText('/etc/flatcar/update.conf').first().waitFor();
  await acts().getByText('GROUP=alpha').waitFor();
  expect(await acts().getByText('GROUP=stable').count()).toBe(1);
  await shot('draft');
  await acts().getByRole('button', { name: 'Back to the plan' }).click();
  await acts().getByRole('button', { name: 'Cancel' }).click();
});

test('a Fedora CoreOS host goes back to the deployment before, which is then held', async () => {
  await open('agent:rpm-ostree update:idle');
  await acts()
    .getByRole('button', { name: /^Prepare roll back to 43\./ })
    .click();
  await acts().getByText('sudo rpm-ostree rollback').waitFor();
  await shot('roll-back');
  await acts()
    .getByRole('button', { name: /^Prepare a roll back on / })
    .click();
  await page
    .getByRole('region', { name: 'Update', exact: true })
    .getByText(/is held back by/)
    .waitFor();
  await page.getByRole('region', { name: 'Deployments' }).getByText('booted', { exact: true }).waitFor();
  await acts()
    .getByRole('button', { name: /^Lift the hold of 43\./ })
    .click();
  await acts()
    .getByRole('button', { name: /^Lift the hold of 43\.\S+ on / })
    .click();
  await page
    .getByRole('region', { name: 'Update', exact: true })
    .getByText(/is held back by/)
    .waitFor({ state: 'detached' });
  const deployments = await page.getByRole('region', { name: 'Deployments' }).innerText();
  expect(deployments).toMatch(/boots next, pinned/);
});

test('all packages that wait on a Debian host are installed', async () => {
  await open('agent:apt update:available');
  await acts().getByRole('button', { name: 'Install all that waits' }).click();
  await acts()
    .getByRole('button', { name: /^Take what is offered on / })
    .click();
  await acts()
    .getByText(/upgraded, 0 newly installed/)
    .waitFor({ timeout: 30_000 });
  await page
    .getByRole('region', { name: 'Packages' })
    .getByText(/^No package waits/)
    .waitFor({ timeout: 30_000 });
  await expect.poll(() => acts().getByRole('button', { name: 'Install all that waits' }).isDisabled()).toBe(true);
});

test('many hosts are told from the fleet’s menu, with those left out and why', async () => {
  await filterFleet(page, '');
  await expect.poll(() => hosts().count(), { timeout: 30_000 }).toBeGreaterThan(10);
  await hosts().first().click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('.');
  await page.getByRole('menuitem', { name: /^Update 2\d hosts…/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Show the plan' }).click();
  await dialog.getByRole('button', { name: /^Check for updates on \d+ hosts/ }).waitFor();
  await shot('fleet-check');
  await dialog.getByRole('button', { name: /^Check for updates on \d+ hosts/ }).click();
  await dialog.getByTestId('action-outcome').waitFor();
  await shot('fleet-told');
  await dialog.getByRole('button', { name: 'Close' }).first().click();
});
