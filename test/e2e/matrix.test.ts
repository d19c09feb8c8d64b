import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousViolations } from '#kit/axe.ts';
import { goTo, withDemoFleet } from '#kit/demo-window.ts';
import { openWindow, type RunningConsole } from '#kit/window.ts';

const path = '/etc/sysctl.d/90-fleet.conf';
let running: RunningConsole;
let page: Page;
let complaints: readonly string[];
// Workers are left in peace by the demo's own troubles for the first minutes.
const address = `config/matrix?path=${encodeURIComponent(path)}&q=${encodeURIComponent('label:role=worker')}`;

withDemoFleet((demo) => {
  ({ page, running, complaints } = demo);
});

const go = (view: string) => goTo(page, view);

const grid = () => page.getByRole('grid', { name: 'Settings by host' });

/** Types a value into the first cell of a setting. */
async function edit(key: string, value: string): Promise<void> {
  const row = grid().getByRole('row', { name: key });
  await row.getByRole('gridcell').first().dblclick();
  await page.getByLabel(new RegExp(`^${key} on`)).fill(value);
  await page.keyboard.press('Enter');
}

/** Another person of another window changes the file on the same hosts, all at once. */
async function meanwhile(change: (text: string) => string): Promise<void> {
  const other = await openWindow(running.link());
  await goTo(other.page, address.replace('/matrix?', '/compare?'));
  await other.page.getByRole('button', { name: 'Edit this text for all of them' }).click({ timeout: 30_000 });
  const text = other.page.getByLabel(`${path} on 6 hosts`);
  // An editor: its lines are elements of their own.
  await text.locator('.cm-line').first().waitFor();
  await text.fill(change((await text.locator('.cm-line').allTextContents()).join('\n')));
  await other.page.getByLabel('Waves', { exact: true }).and(other.page.locator('select')).selectOption('one');
  await other.page.getByRole('button', { name: 'Read the plan' }).click();
  await other.page.getByRole('button', { name: 'Apply in stages to 6 hosts' }).click();
  await other.page
    .getByRole('region', { name: 'The change' })
    .getByText('committed')
    .first()
    .waitFor({ timeout: 60_000 });
  await other.end();
}

/** Tab until the focus is on the button of this name. */
async function tabTo(name: string): Promise<void> {
  for (let steps = 0; steps < 12; steps++) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.textContent ?? '')).includes(name)) return;
  }
  throw new Error(`no Tab leads to ${name}`);
}

test('the odd one out stands out, by colour, shape and word', async () => {
  await go(address);
  const odd = grid().locator('.matrix-odd');
  await odd.waitFor({ timeout: 30_000 });
  expect(await odd.count()).toBe(1);
  expect(await odd.getAttribute('title')).toMatch(/^differs from 5 of 6: vm\.swappiness=10$/);
  expect(await odd.locator('svg').count()).toBe(1);
  await grid()
    .getByRole('columnheader', { name: /worker-b1/ })
    .getByText('differs in 1 setting')
    .waitFor();
  expect(await page.getByTestId('matrix-sum').textContent()).toBe('3 settings are the same on all and folded away');
});

test('nothing serious is wrong with it for those who hear it, in either theme', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousViolations(page)).toEqual([]);
  }
});

test('by keys alone: the cell is edited, undone and edited again, the plan read and applied, and all say the same', async () => {
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.type('20');
  await page.keyboard.press('Enter');
  await page.getByText('1 edit on 1 host, not done yet').waitFor();
  expect(await grid().locator('.matrix-edited').textContent()).toBe('60 → 20');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('=');
  await expect.poll(() => grid().locator('.matrix-edited').textContent()).toBe('60 → 10');
  await page.keyboard.press('Control+Enter');
  const plan = page.getByRole('region', { name: 'The plan' });
  await plan.getByText('1 host would change').waitFor({ timeout: 20_000 });
  expect(await plan.getByLabel('Difference').textContent()).toMatch(/swappiness = 60[^]*swappiness = 10/);
  expect(await seriousViolations(page)).toEqual([]);
  await tabTo('Apply in stages to 1 host');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'The change' }).getByText('committed').first().waitFor({ timeout: 60_000 });
  await go(address);
  await page.getByRole('heading', { name: 'All the same' }).waitFor({ timeout: 20_000 });
  await page.getByText('4 settings and 6 hosts: every host says the same.').waitFor();
});

test('one cell of one host, unfolded from those it was like, is the only one that changes', async () => {
  await page.getByLabel('Only those that differ').uncheck();
  await grid()
    .getByRole('button', { name: /6 hosts/ })
    .click();
  const row = grid().getByRole('row', { name: /net\.core\.somaxconn/ });
  await row.getByRole('gridcell').nth(2).dblclick();
  await page.getByLabel('net.core.somaxconn on 1 host').fill('8192');
  await page.keyboard.press('Enter');
  await expect.poll(() => row.getByRole('gridcell').allTextContents()).toContain('4096 → 8192');
  await page.getByRole('button', { name: 'Undo the edit of net.core.somaxconn' }).click();
  await expect.poll(() => grid().locator('.matrix-edited').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('a link to another file shows that file, and the hosts that have none', async () => {
  await go(address.replace(encodeURIComponent(path), encodeURIComponent('/etc/flatcar/update.conf')));
  await expect.poll(() => page.getByLabel('Path of the file').inputValue()).toBe('/etc/flatcar/update.conf');
  await grid()
    .getByRole('columnheader', { name: /no such file/ })
    .waitFor({ timeout: 20_000 });
});

test('what somebody changed meanwhile is merged with the edit, or settled between marks; neither is lost', async () => {
  await go(address);
  await page.getByLabel('Only those that differ').uncheck();
  await edit('net.core.somaxconn', '8192');
  await meanwhile((text) => text.replace('vm.swappiness = 10', 'vm.swappiness = 15'));
  await page.getByRole('button', { name: 'Read the plan' }).click();
  const moved = page.getByRole('region', { name: /^Changed meanwhile on/ });
  await moved.getByText('Both edits fit together.').waitFor({ timeout: 20_000 });
  expect(await seriousViolations(page)).toEqual([]);
  await moved.getByRole('button', { name: 'Use the joined text on 6 hosts' }).click();
  await page.getByText('6 hosts would change').waitFor();
  const difference = page.getByRole('region', { name: 'The plan' }).getByLabel('Difference');
  await expect.poll(() => difference.textContent()).toMatch(/somaxconn = 4096[^]*somaxconn = 8192[^]*swappiness = 15/);

  await meanwhile((text) => text.replace('somaxconn = 4096', 'somaxconn = 512'));
  await page.getByRole('button', { name: 'Read the plan' }).click();
  await moved.getByText('1 place was changed by both').waitFor({ timeout: 20_000 });
  const use = moved.getByRole('button', { name: 'Use the joined text on 6 hosts' });
  expect(await use.isDisabled()).toBe(true);
  const text = moved.getByLabel(`${path} as it is to be`);
  const marked = await text.inputValue();
  expect(marked).toMatch(
    /^<<<<<<< on the host\nnet.core.somaxconn = 512\n=======\nnet.core.somaxconn = 8192\n>>>>>>> yours$/m,
  );
  await text.fill(marked.replaceAll(/^(<<<<<<<|=======|>>>>>>>).*\n|.*somaxconn = 512\n/gm, ''));
  await use.click();
  await expect.poll(() => difference.textContent()).toMatch(/somaxconn = 512[^]*somaxconn = 8192[^]*swappiness = 15/);
});
