import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousViolations } from '#kit/axe.ts';
import { goTo, withDemoFleet } from '#kit/demo-window.ts';
import { openWindow, type RunningConsole } from '#kit/window.ts';

let running: RunningConsole;
let page: Page;
let complaints: readonly string[];

withDemoFleet((demo) => {
  ({ page, running, complaints } = demo);
});

const go = (view: string, to: Page = page) => goTo(to, view);

const row = (name: string) => page.getByRole('row', { name, exact: true });
const editor = (name: string, of: Page = page) => of.getByRole('textbox', { name: `Text of ${name}` });
const message = (of: Page = page) => of.getByRole('textbox', { name: 'What changed, and why' });

async function typeText(name: string, text: string, of: Page = page): Promise<void> {
  await editor(name, of).fill(text);
}

test('lists the documents with their drift; keys filter, move and open', async () => {
  await go('config');
  await row('sysctl-fleet').getByText('1 differs').waitFor({ timeout: 60_000 });
  await row('sysctl-fleet').getByText('23 same').waitFor({ timeout: 30_000 });
  await page.keyboard.press('/');
  await page.keyboard.type('role=web');
  await expect.poll(() => page.getByTestId('document').count()).toBe(1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByTestId('document').count()).toBe(5);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'nginx-limits' }).waitFor();
  expect(page.url()).toContain('/config/documents/nginx-limits');
});

test('the palette finds a document by its name', async () => {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('sshd-hard');
  await page.getByRole('option', { name: /sshd-hardening/ }).click();
  await page.getByRole('heading', { name: 'sshd-hardening' }).waitFor();
  expect(page.url()).toContain('/config/documents/sshd-hardening');
});

test('an edit is kept with its message, seen in a second window, compared, and an old revision restored', async () => {
  await go('config/documents/timesyncd');
  const second = await openWindow(running.link());
  try {
    await second.page.waitForFunction(() => document.body.innerText.includes('hosts connected'));
    await go('config/documents/timesyncd', second.page);
    await editor('timesyncd', second.page).getByText('10.20.0.54').waitFor({ timeout: 20_000 });
    await editor('timesyncd').getByText('10.20.0.54').waitFor();
    await page.getByTestId('document-hosts').getByText('14 hosts').waitFor();
    await typeText('timesyncd', '[Time]\nNTP=10.20.0.99\n');
    await page.keyboard.press('Control+s');
    await page.keyboard.type('One server is enough');
    await page.keyboard.press('Enter');
    await editor('timesyncd', second.page).getByText('10.20.0.99').waitFor({ timeout: 20_000 });
    await second.page.getByText('One server is enough').first().waitFor();
  } finally {
    await second.end();
  }
  await page.getByRole('link', { name: 'Revisions' }).click();
  await page.getByRole('list', { name: 'Revisions' }).getByText('One server is enough').waitFor();
  const difference = page.locator('pre', { hasText: '10.20.0.99' });
  await difference.getByText('NTP=10.20.0.53 10.20.0.54').waitFor();
  await page.keyboard.press('j');
  await page.getByRole('button', { name: 'Restore revision 2' }).click();
  await page.getByRole('list', { name: 'Revisions' }).getByText('Restore revision 2').waitFor();
  await page.getByRole('heading', { name: /^Revision 4 by/ }).waitFor();
  expect(await page.getByRole('list', { name: 'Revisions' }).getByRole('button').count()).toBe(4);
});

test('who saved meanwhile is told, what was typed stays, and both are brought together', async () => {
  await go('config/documents/sysctl-fleet');
  await editor('sysctl-fleet').getByText('vm.swappiness = 10').waitFor();
  const old = await editor('sysctl-fleet').innerText();
  const lines = old.split('\n').filter((line) => line.trim() !== '');
  const second = await openWindow(running.link());
  try {
    await second.page.waitForFunction(() => document.body.innerText.includes('hosts connected'));
    await go('config/documents/sysctl-fleet', second.page);
    await editor('sysctl-fleet', second.page).getByText('vm.swappiness = 10').waitFor({ timeout: 20_000 });
    await typeText('sysctl-fleet', `${lines.map((line) => line.replace('= 10', '= 11')).join('\n')}\n`);
    await typeText(
      'sysctl-fleet',
      `${lines.map((line) => line.replace('= 4096', '= 8192')).join('\n')}\n`,
      second.page,
    );
    await message(second.page).fill('Longer queues');
    await message(second.page).press('Enter');
    const told = page.getByRole('alert', { name: 'Saved meanwhile' });
    await told.getByText('Longer queues').waitFor({ timeout: 20_000 });
    await editor('sysctl-fleet').getByText('vm.swappiness = 11').waitFor();
    await told.getByRole('button', { name: 'What you changed' }).click();
    await told.locator('pre').getByText('vm.swappiness = 11').waitFor();
    await told.getByRole('button', { name: 'Bring both together' }).click();
    await editor('sysctl-fleet').getByText('net.core.somaxconn = 8192').waitFor();
    await editor('sysctl-fleet').getByText('vm.swappiness = 11').waitFor();
    expect(await told.count()).toBe(0);
  } finally {
    await second.end();
  }
});

test('leaving with text that is not saved asks first', async () => {
  await page.getByRole('link', { name: 'Fleet' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  await editor('sysctl-fleet').getByText('vm.swappiness = 11').waitFor();
  await page.getByRole('link', { name: 'Fleet' }).first().click();
  await dialog.getByRole('button', { name: 'Leave without saving' }).click();
  await page.getByRole('grid', { name: 'Hosts' }).waitFor();
  await go('config/documents/sysctl-fleet');
  await editor('sysctl-fleet').getByText('vm.swappiness = 10').waitFor();
  expect(await editor('sysctl-fleet').innerText()).not.toContain('vm.swappiness = 11');
});

test('the drift of a host is shown as a difference and corrected in stages', async () => {
  await go('config/documents/sshd-hardening/drift');
  await page.getByText('1 host differs').waitFor({ timeout: 20_000 });
  const detail = page.getByRole('region', { name: 'What differs' });
  await detail.locator('pre').getByText('PasswordAuthentication yes').waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Correct web-b2' }).first().click();
  await page.getByText('How it goes over the hosts').click();
  await page.getByLabel('Between waves').selectOption('0');
  await page.getByRole('button', { name: 'Read the plan' }).click();
  await page.getByRole('button', { name: 'Apply in stages to 1 host' }).click({ timeout: 30_000 });
  await page.getByText('committed').first().waitFor({ timeout: 90_000 });
  await go('config/documents/sshd-hardening/drift');
  await page.getByText('18 hosts same').waitFor({ timeout: 30_000 });
  expect(await page.getByRole('button', { name: /^Correct/ }).count()).toBe(0);
  await go('host/web-b2/config');
  await page
    .getByRole('region', { name: 'Changes applied to this host' })
    .getByText(/Bring sshd-hardening/)
    .waitFor();
}, 180_000);

test('a document adopts what a host has', async () => {
  await go('host/worker-b1/config');
  await page.getByRole('button', { name: 'how it stands to sysctl-fleet' }).click();
  await page.getByRole('button', { name: 'Adopt what worker-b1 has' }).click({ timeout: 20_000 });
  const form = page.getByRole('form', { name: 'Adopt' });
  await form.locator('pre').getByText('vm.swappiness = 60').waitFor({ timeout: 20_000 });
  await form.getByRole('button', { name: 'Save as a new revision' }).click();
  await go('config/documents/sysctl-fleet');
  await editor('sysctl-fleet').getByText('vm.swappiness = 60').waitFor({ timeout: 20_000 });
  await page.getByText('Adopt what worker-b1 has').waitFor();
  await expect
    .poll(() => page.getByRole('link', { name: /^Drift/ }).textContent(), {
      timeout: 20_000,
    })
    .toBe('Drift23');
});

test('a pasted text is recognised, saved under a name, and exported', async () => {
  await go('config/documents/+new');
  await page.getByRole('button', { name: 'A pasted text' }).click();
  await page.getByLabel('Text', { exact: true }).fill('#cloud-config\nwrite_files: []\n');
  await page.getByText('This is cloud-config').waitFor();
  await page.getByRole('button', { name: 'Begin with this text' }).click();
  await page.getByLabel('Name').fill('base');
  await page.getByRole('combobox', { name: 'For these hosts' }).fill('label:role=web');
  await page.getByTestId('document-hosts').getByText('10 hosts').waitFor();
  await message().fill('Begin');
  await page.getByRole('button', { name: 'Save the document' }).click();
  await page.getByRole('heading', { name: 'base' }).waitFor({ timeout: 20_000 });
  await go('config');
  await row('timesyncd').getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Export 1 document' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'cloud-config' }).click();
  await dialog.getByText('Export timesyncd').waitFor();
  // In the text, or in what is said that the text cannot hold.
  await dialog
    .getByText(/timesyncd\.conf|timesyncd cannot/)
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
});

test('a removed document is gone from the list, and its revisions bring it back', async () => {
  await go('config/documents/base');
  await page.getByRole('button', { name: 'Remove the document' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove base' }).click();
  await page.getByRole('link', { name: 'its revisions' }).click({ timeout: 20_000 });
  await page.getByText('This revision removed the document').waitFor();
  await page.getByRole('list', { name: 'Revisions' }).getByText('Begin').click();
  await page.getByRole('button', { name: 'Restore revision 1' }).click();
  await page.getByRole('heading', { name: 'base' }).waitFor({ timeout: 20_000 });
  await go('config');
  await expect.poll(() => page.getByTestId('document').count()).toBe(6);
});

test.each(['dark', 'light'] as const)('has no serious accessibility violation, nor complaint (%s)', async (theme) => {
  await page.emulateMedia({ colorScheme: theme });
  const found: string[] = [];
  for (const view of [
    'config',
    'config/documents/timesyncd',
    'config/documents/timesyncd/revisions',
    'config/documents/sysctl-fleet/drift',
    'config/documents/+new',
    'host/worker-b1/config',
  ]) {
    await go(view);
    await page.waitForTimeout(900);
    found.push(...(await seriousViolations(page)).map((violation) => `${view}: ${violation}`));
  }
  expect(found).toEqual([]);
  expect(complaints).toEqual([]);
});
