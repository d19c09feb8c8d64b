import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import { findSshd, startSshd, type TestSshd } from '#kit/sshd.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const reason = windowUnavailable() ?? ((await findSshd()) === null ? 'sshd is not installed' : null);
let sshd: TestSshd;
let running: RunningConsole;
let window: OpenWindow;
let page: Page;

/** A cluster file of one host, the sshd of this test. */
function fleet(name: string): string {
  return `# Kept by the night shift.
name: ${name}
ssh: { user: ${sshd.user}, keys: [${sshd.keyFile}], agent: false, knownHosts: [${join(sshd.folder, 'known')}] }
hosts:
  - { name: one, address: 127.0.0.1, port: ${sshd.port} } # the only one
`;
}

beforeAll(async () => {
  if (reason) return;
  sshd = await startSshd();
  await writeFile(join(sshd.folder, 'known'), sshd.knownHostsLine);
  running = await startConsole({ clusters: { fleet: fleet('Fleet'), other: fleet('The other') } });
  window = await openWindow(running.link());
  ({ page } = window);
  await go('#/c/fleet/fleet');
  await page.getByText(/^1 of 1 hosts? connected/).waitFor({ timeout: 30_000 });
});
afterAll(async () => {
  await window?.end();
  await running?.end();
  await sshd?.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const file = () => join(running.configDir, 'fleet.yaml');

async function go(hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

test('a threshold is changed in the window: checked, in force at once, written between the comments', async () => {
  await go('#/c/fleet/settings/health');
  const field = page.getByLabel('Memory, attention (%)');
  const save = page.getByRole('button', { name: 'Save the thresholds' });
  await field.fill('850');
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  expect(await save.isDisabled()).toBe(true);
  await field.fill('1');
  await page.getByLabel('Hold (s)').fill('0');
  await save.click();
  await expect.poll(() => readFile(file(), 'utf8'), { timeout: 5_000 }).toMatch(/memoryAttentionPercent: 1\n/);
  const text = await readFile(file(), 'utf8');
  expect(text).toContain('# Kept by the night shift.');
  expect(text).toContain('# the only one');
  // All reasons stand there: on a busy machine its load is the first one.
  await go('#/c/fleet/host/one/overview');
  await page
    .getByText(/Memory \d+ % used/)
    .first()
    .waitFor({ timeout: 30_000 });
});

test('a file that breaks while it is open is said with line and cure; the fleet stays; mended, nothing is said', async () => {
  await go('#/c/fleet/fleet');
  const good = await readFile(file(), 'utf8');
  await writeFile(file(), good.replace('  - {', '\t- {'));
  const banner = page.getByTestId('file-banner');
  await banner.waitFor();
  const said = (await banner.textContent()) ?? '';
  expect(said).toContain('The last good version of the cluster file is in force.');
  expect(said).toMatch(/fleet\.yaml:\d+ a tab indents this line; YAML takes only blanks\. Indent with blanks/);
  await page.getByText(/^1 of 1 hosts? connected/).waitFor();
  await banner.getByRole('link', { name: 'Mend the file' }).click();
  await page.getByText('a tab indents this line').first().waitFor();
  await writeFile(file(), good);
  await banner.waitFor({ state: 'detached' });
});

test('a file that is deleted while it is open: said on its address, the others are offered; a new one opens there', async () => {
  await go('#/c/fleet/host/one');
  await page.getByRole('heading', { name: 'one', exact: true }).waitFor();
  const text = await readFile(file(), 'utf8');
  await rm(file());
  await page.getByRole('heading', { name: 'There is no cluster “fleet” on this console' }).waitFor();
  expect(page.url()).toContain('#/c/fleet/host/one');
  const others = page.getByRole('list', { name: 'Other clusters' });
  expect(await others.getByRole('link').allTextContents()).toEqual(['The other']);
  await writeFile(file(), text);
  await page.getByRole('heading', { name: 'one', exact: true }).waitFor();
  await page.getByText(/^1 of 1 hosts? connected/).waitFor({ timeout: 20_000 });

  await go('#/c/fleet/fleet');
  await page.getByRole('row', { name: /\bone\b/ }).waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('m');
  await page.getByRole('dialog').waitFor();
  await rm(file());
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await others.getByRole('link', { name: 'The other' }).click();
  await page.getByRole('row', { name: /\bone\b/ }).waitFor();
  expect(window.complaints).toEqual([]);
});

test('a pasted list takes labels; what cannot be one is told with its line', async () => {
  await go('#/add/list');
  await page.getByText('web-1 role=web zone=a').waitFor();
  await page.getByLabel('Hosts', { exact: true }).fill('web-[1:2] role=web zone=a\ndb-1 role="big"\n');
  const table = page.getByRole('table', { name: 'Hosts found' });
  await table.waitFor();
  expect(await table.getByRole('row', { name: /web-2/ }).textContent()).toContain('role=web zone=a');
  await page.getByText('pasted text:2:6').waitFor();
  await page.getByText('the label "role" has a value that cannot be written in a list').waitFor();
  await page.getByLabel('Name of the cluster').fill('Labelled');
  await page.getByRole('button', { name: 'Make a cluster of 3 hosts' }).click();
  const made = () => readFile(join(running.configDir, 'labelled.yaml'), 'utf8').catch(() => '');
  await expect.poll(made, { timeout: 5_000 }).toContain('labels: {role: web, zone: a}');
  expect(window.complaints).toEqual([]);
});
