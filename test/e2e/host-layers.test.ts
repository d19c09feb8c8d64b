import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { goTo, withDemoFleet } from '#kit/demo-window.ts';

let page: Page;
let complaints: readonly string[];

withDemoFleet((demo) => {
  ({ page, complaints } = demo);
});

const present = () => page.getByRole('region', { name: 'Present state' });
const firstBoot = () => page.getByRole('region', { name: 'What the first boot was told' });
const motd = () => present().getByRole('listitem').filter({ hasText: '/etc/motd' });

const go = (rest: string) => goTo(page, rest);

async function open(host: string): Promise<void> {
  await go(`host/${host}/config`);
  await firstBoot().waitFor({ timeout: 30_000 });
}

test.each([
  ['web-b2', /\/oem\/config\.ign \(Ignition\)/],
  ['db-a1', /user-data\.txt \(cloud-config\)/],
])('%s shows what its first boot was told, and what only that does', async (host, source) => {
  await open(host);
  await firstBoot().getByText(source).waitFor();
  await firstBoot().getByText('A document or a change has spoken over it for 1 since.').waitFor();
  await firstBoot()
    .getByText(/that only a first boot does/)
    .click();
  await firstBoot()
    .getByText(/accounts and their keys are made at the first boot/)
    .waitFor();
  expect(await firstBoot().getByRole('alert').count()).toBe(0);
});

test('a file that only the first boot wrote and somebody edited is shown as such, and is put back', async () => {
  await open('worker-b1');
  await motd().getByText('its text differs').waitFor();
  await motd().getByRole('button', { name: 'Show what differs of /etc/motd' }).click();
  await motd().getByText('Ask Tariq before you reboot!').waitFor();
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  );
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await motd().getByRole('button', { name: 'Restore what the first boot wrote' }).click();
  await motd().getByRole('button', { name: 'Read the plan' }).click();
  await motd().getByRole('button', { name: 'Apply in stages to 1 host' }).click();
  await page
    .getByText(/^committed/i)
    .first()
    .waitFor({ timeout: 60_000 });
  await open('worker-b1');
  await present()
    .getByRole('button', { name: /Show the other|Show \d/ })
    .click();
  await motd().getByText('Restore /etc/motd on worker-b1').waitFor();
  await motd().getByText('as said').waitFor();
});

test('what a change wrote and somebody edits afterwards is told in the list of documents and in the rail', async () => {
  await go('ask');
  await page
    .getByLabel('Command')
    .fill('if [ "$(hostname)" = worker-b1 ]; then echo "Ask Ines instead." | sudo -n tee -a /etc/motd; fi');
  await page.keyboard.press('Control+Enter');
  await page.getByTestId('ask-summary').waitFor();
  await open('worker-b1');
  await present().getByRole('button', { name: 'Read again' }).click();
  await motd().getByText('its text differs').waitFor({ timeout: 20_000 });
  await go('config');
  const strays = page.getByText(/On 1 host a file that a change wrote/);
  await strays.getByRole('link', { name: 'worker-b1' }).click();
  await motd().getByRole('button', { name: 'Show what differs of /etc/motd' }).click();
  await motd().getByText('Ask Ines instead.').waitFor();
  await motd()
    .getByText(/what differs from that was done by hand/)
    .waitFor();
  expect(await motd().getByRole('button', { name: 'Restore what the change wrote' }).count()).toBe(1);
});

test('what a host has is adopted into a document of its own, which holds from then on', async () => {
  await open('db-a1');
  await firstBoot()
    .getByText(/user-data\.txt \(cloud-config\)/)
    .waitFor();
  await motd().getByRole('button', { name: 'Show what differs of /etc/motd' }).click();
  await motd().getByRole('button', { name: 'Adopt it into a document' }).click();
  await motd().getByText('Primary until the move is done.').waitFor();
  await motd().getByLabel('Name of the document').fill('motd-primary');
  await motd().getByRole('button', { name: 'Save the document' }).click();
  await page.getByRole('link', { name: 'motd-primary', exact: true }).waitFor({ timeout: 20_000 });
  await present().getByRole('heading', { name: 'As it was told to be' }).waitFor({ timeout: 20_000 });
  await present()
    .getByRole('button', { name: /Show \d/ })
    .click();
  await motd().getByText('over first boot').waitFor();
  expect(complaints).toEqual([]);
});
