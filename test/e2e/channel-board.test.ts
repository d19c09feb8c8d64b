import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { withDemoFleet } from '#kit/demo-window.ts';
import { seriousViolations } from '#kit/axe.ts';

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

const move = () => page.getByRole('complementary', { name: 'Move hosts' });
const shot = async (name: string) => {
  const folder = process.env['QUARTERDECK_SHOTS'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
};
/** Chooses the first host of the open group that runs such a version. */
async function choose(version: RegExp): Promise<string> {
  const one = pane().getByRole('row').filter({ hasText: version }).first();
  await one.getByRole('checkbox').check();
  return one.getByRole('link').first().innerText();
}

test('g u leads to groups and channels with counts, versions and the policy of each in a sentence', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await row('control-plane')
    .getByText(/stable · 1 at a time · Sat 02:00–06:00 Europe\/Rome/)
    .waitFor();
  await row('workers').getByText('paused', { exact: true }).waitFor();
  await expect
    .poll(() => board().getByRole('columnheader').allInnerTexts(), { timeout: 30_000 })
    .toEqual(expect.arrayContaining([expect.stringMatching(/^stable\s+\d+\s+update_engine/)]));
  await expect
    .poll(() => row('control-plane').getByRole('gridcell').allInnerTexts(), { timeout: 30_000 })
    .toEqual(expect.arrayContaining([expect.stringMatching(/^3\b[\s\S]*4593\.2\.\d/)]));
});

test('which versions ran is drawn, read by the keyboard, and told as a table', async () => {
  const card = page.getByRole('region', { name: 'Version spread' });
  const slider = card.getByRole('slider');
  await slider.waitFor();
  expect(await card.locator('svg path').count()).toBeGreaterThan(3);
  await slider.focus();
  const now = await slider.getAttribute('aria-valuetext');
  for (let times = 0; times < 40; times++) await page.keyboard.press('ArrowLeft');
  const then = await slider.getAttribute('aria-valuetext');
  expect(then).toMatch(/4593\.2\.0 on \d+ hosts?/);
  expect(then).not.toBe(now);
  await card.getByText('Show as a table').click();
  expect(await card.getByRole('row').count()).toBeGreaterThan(20);
  await card.getByText('Show as a table').click();
});

test('a cell opens on its hosts, which lead into the fleet', async () => {
  await row('control-plane').getByRole('gridcell').filter({ hasText: '4593' }).first().click();
  await pane().getByRole('link', { name: 'etcd-a1' }).waitFor();
  await pane().getByRole('link', { name: 'Show 3 hosts in the fleet' }).click();
  const hosts = page.getByRole('grid', { name: 'Hosts' }).getByRole('row', { name: /^etcd-/ });
  await expect.poll(() => hosts.count()).toBe(3);
  await page.goBack();
});

test('a policy is edited with its errors at the field, saved, and read again after a reload', async () => {
  await row('control-plane').getByRole('rowheader').click();
  await pane().getByRole('link', { name: 'Policy' }).click();
  const form = pane().getByRole('form', { name: 'Policy' });
  await form.getByText(/\/quarterdeck\/v1\/update-groups\/control-plane/).waitFor();
  await form.getByLabel('Between waves').fill('soon');
  await form.getByText('From 0 s to 1 day, as 90 s, 10 min or 2 h.').waitFor();
  await form.getByLabel('Between waves').fill('45 min');
  await form.getByLabel('Time zone').fill('Europe/Lisbon');
  await form
    .getByRole('status')
    .getByText(/Sat 02:00–06:00 Europe\/Lisbon .* 45 min between waves/)
    .waitFor();
  await form.getByRole('button', { name: 'Save the policy' }).click();
  const sentence = /Sat 02:00–06:00 Europe\/Lisbon .* 45 min between waves/;
  await row('control-plane').getByText(sentence).waitFor();
  // Saved, it leads back to the hosts of the group.
  await form.waitFor({ state: 'hidden' });
  await page.reload();
  await row('control-plane').getByText(sentence).waitFor({ timeout: 20_000 });
  await pane().getByRole('link', { name: 'Policy' }).click();
  await form.waitFor();
  expect(await form.getByLabel('Time zone').inputValue()).toBe('Europe/Lisbon');
});

test('hosts are moved by a key: what is written is shown first, then they are there', async () => {
  await page.keyboard.press('Escape');
  const cell = row('no group').getByRole('gridcell').filter({ hasText: /\d/ }).first();
  await cell.click();
  await pane().getByRole('checkbox').first().check();
  await page.keyboard.press('m');
  await move().getByLabel('Group', { exact: true }).selectOption('web');
  const added = (await move().getByLabel('Difference').innerText()).trim();
  const host = /([a-z]+-[abc]\d)/.exec(added)?.[1] ?? '';
  expect(host).not.toBe('');
  await move().getByRole('button', { name: 'Move 1 host to web' }).click();
  await move().waitFor({ state: 'hidden' });
  await row('web').getByRole('rowheader').click();
  await expect.poll(() => pane().getByRole('row').filter({ hasText: host }).innerText()).toContain('member');
});

test('hosts are moved by dragging a cell to another group', async () => {
  await page.keyboard.press('Escape');
  const cell = row('no group').getByRole('gridcell').filter({ hasText: /\d/ }).first();
  const moves = move().getByRole('button', { name: /^Move \d+ hosts? to canary$/ });
  // The board is laid out anew as the pane beside it closes, which may be in the middle of a drag.
  const dragged = async () => {
    await cell.dragTo(row('canary').getByRole('rowheader'));
    return moves.count();
  };
  await expect.poll(dragged, { timeout: 30_000, interval: 500 }).toBe(1);
  expect(await move().getByLabel('Group', { exact: true }).inputValue()).toBe('canary');
  await move().getByRole('button', { name: 'Close (Esc)' }).click();
});

test('a move to a channel is made by each host’s own agent; one of apt stays with the reason', async () => {
  await page.keyboard.press('Escape');
  await row('web').getByRole('rowheader').click();
  const coreos = await choose(/43\.2026\d+\.3\.\d/);
  const flatcar = await choose(/4593\.2\.\d/);
  const debian = await choose(/-[abc]\d(?: member)?1[23]\.\d/);
  await page.keyboard.press('m');
  await move().getByLabel('Channel', { exact: true }).selectOption('next');
  await move().getByRole('list', { name: 'Left out' }).getByText(`${debian} stays out: apt has sources`).waitFor();
  const part = move().getByRole('region', { name: 'By rpm-ostree' });
  await part.getByText(/rpm-ostree rebase \S+fedora-coreos:next$/).waitFor();
  await move().getByText('/etc/flatcar/update.conf').waitFor();
  expect(await move().getByRole('region', { name: 'By update_engine' }).innerText()).toContain(flatcar);
  await shot('move');
  await part.getByRole('button', { name: `Set the channel to next on ${coreos}` }).click();
  await part.getByTestId('action-outcome').getByText('done', { exact: true }).waitFor({ timeout: 60_000 });
  await shot('moved');
});

test('once update.conf is written and committed, the page of the change offers to check', async () => {
  await move().getByLabel('Channel', { exact: true }).selectOption('beta');
  const part = move().getByRole('region', { name: 'By update_engine' });
  await part.getByRole('button', { name: 'Plan the change of 1 host' }).click();
  await part.getByText('GROUP=beta').waitFor();
  await part.getByRole('button', { name: 'Apply in stages to 1 host' }).click();
  const after = page.getByRole('group', { name: 'After the change' });
  await after.getByRole('button', { name: /^Check for updates on web-/ }).click({ timeout: 90_000 });
  // It checks at once, or says that it is at it already: a host of the demo may be.
  const form = page.getByRole('form', { name: 'Check for updates' });
  await expect.poll(() => form.innerText(), { timeout: 20_000 }).toMatch(/check_for_update|already/);
  await shot('check-after');
  await page.keyboard.press('g');
  await page.keyboard.press('u');
});

test('a paused group says who paused it and why, and goes on when resumed', async () => {
  await row('workers').getByRole('rowheader').click();
  await pane()
    .getByText(/Month end/)
    .waitFor();
  await pane().getByRole('button', { name: 'Resume workers' }).click();
  await pane().getByRole('button', { name: 'Pause workers…' }).click();
  await pane().getByLabel('Why').fill('A test');
  await pane().getByRole('button', { name: 'Pause workers' }).click();
  await pane()
    .getByText(/Paused by .* A test/)
    .waitFor();
  expect(await row('workers').getByText('paused', { exact: true }).count()).toBe(1);
});

test('nothing serious stands in the way of who cannot see or point, in both themes', async () => {
  await pane().getByRole('link', { name: 'Policy' }).click();
  await pane().getByRole('form', { name: 'Policy' }).waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'] ?? 'dark')).toBe(colorScheme);
    expect(await seriousViolations(page)).toEqual([]);
  }
  expect(complaints).toEqual([]);
});
