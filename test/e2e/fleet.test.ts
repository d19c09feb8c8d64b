import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seriousViolations } from '#kit/axe.ts';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const reason = windowUnavailable();
let running: RunningConsole;
let window: OpenWindow;
let page: Page;

beforeAll(async () => {
  if (reason) return;
  running = await startConsole({ words: ['--demo'] });
  window = await openWindow(running.link());
  ({ page } = window);
  await page.getByText(/2[34] of 24 hosts connected/).waitFor({ timeout: 60_000 });
});
afterAll(async () => {
  await window?.end();
  await running?.end();
});
beforeEach(async () => {
  skipUnless(reason === null, reason ?? '');
  await page.setViewportSize({ width: 1280, height: 800 });
  await show('');
});

/** The fleet at an address, with nothing selected or folded. */
async function show(query: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, `#/c/demo/fleet${query}`);
  await page.reload();
  await page.getByText(/of 24 hosts connected/).waitFor();
}
const row = (name: string | RegExp) => page.getByRole('grid', { name: 'Hosts' }).getByRole('row', { name });
const cells = () => page.getByRole('listbox', { name: 'Hosts' }).getByRole('option');
const selected = (hosts: string) =>
  expect.poll(() => page.getByText(`${hosts} selected`, { exact: true }).count(), { timeout: 5_000 }).toBe(1);
const cursor = (list: 'grid' | 'listbox') =>
  page.getByRole(list, { name: 'Hosts' }).evaluate((element) => {
    const id = element.getAttribute('aria-activedescendant');
    return id === null ? null : (document.getElementById(id)?.getAttribute('aria-label') ?? null);
  });
const hostNames = () =>
  page
    .getByRole('grid', { name: 'Hosts' })
    .getByRole('row')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')).filter((name) => name !== null));
async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
async function widthOf(element: Locator): Promise<number> {
  return (await element.boundingBox())?.width ?? 0;
}

describe('groups of the table', () => {
  test('are folded, unfolded, gone into and selected from the keyboard alone', async () => {
    await page.getByLabel('Group by').selectOption('label:role');
    await row('Group role=db').waitFor();
    const before = await row(/^db-/).count();
    await press('j', 'j');
    while ((await cursor('grid')) !== 'Group role=db') await press('j');
    await press('ArrowLeft');
    await expect.poll(() => row(/^db-/).count()).toBe(0);
    await press('x');
    await selected(`${before} hosts`);
    await press('Enter');
    await expect.poll(() => row(/^db-/).count()).toBe(before);
    await press('ArrowRight');
    expect(await cursor('grid')).toBe('db-a1');
    await press('ArrowLeft');
    expect(await cursor('grid')).toBe('Group role=db');
  });

  test('are selected by the box in their head, which says when some of them are', async () => {
    await show('?group=label:role');
    const box = page.getByRole('checkbox', { name: 'Select the group role=db' });
    await row('db-a1').getByRole('checkbox').check({ force: true });
    expect(await box.evaluate((input: HTMLInputElement) => input.indeterminate)).toBe(true);
    await box.click();
    await selected(`${await row(/^db-/).count()} hosts`);
    await box.click();
    await expect.poll(() => page.getByText('selected', { exact: false }).count()).toBe(0);
  });
});

describe('selecting', () => {
  test('all that match by the box in the head of the table', async () => {
    const all = page.getByRole('checkbox', { name: /^(Select|Unselect) all/ });
    await press('j', 'x');
    await selected('1 host');
    expect(await all.evaluate((input: HTMLInputElement) => input.indeterminate)).toBe(true);
    await all.click();
    await selected('24 hosts');
    await all.click();
    await expect.poll(() => page.getByText('24 hosts selected').count()).toBe(0);
  });

  test('a range with Shift, its actions with a dot, a preview with Space, and every key of it under ?', async () => {
    await press('j', 'x', 'Shift+ArrowDown', 'Shift+ArrowDown');
    await selected('3 hosts');
    await press('.');
    await page.getByRole('menu', { name: '3 hosts' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Mark 3 hosts down on purpose…' }).count()).toBe(1);
    await press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await press('Space');
    await page.getByRole('complementary', { name: 'Host preview' }).waitFor();
    await press('Space');
    await page.getByRole('complementary', { name: 'Host preview' }).waitFor({ state: 'detached' });
    await press('?');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await keys.getByText('Preview beside the list').waitFor();
    await keys.getByText('Actions of the selection').waitFor();
    await press('Escape');
  });
});

describe('columns', () => {
  test('sort by a press on their title, back and forth', async () => {
    const title = page.getByRole('columnheader', { name: 'Host', exact: true });
    const forth = await hostNames();
    await title.getByRole('button').click();
    await expect.poll(() => title.getAttribute('aria-sort')).toBe('descending');
    expect(page.url()).toContain('sort=-name');
    const back = await hostNames();
    expect(back[0]).not.toBe(forth[0]);
    await page.getByRole('columnheader', { name: 'CPU' }).getByRole('button').click();
    await expect.poll(() => page.url()).toContain('sort=-cpu');
  });

  test('are chosen, and made wider with the mouse or the arrow keys; another window shows them the same', async () => {
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Labels' }).uncheck();
    await page.getByRole('checkbox', { name: 'Kernel' }).check();
    await press('Escape');
    await page.getByRole('columnheader', { name: 'Kernel' }).waitFor();
    expect(await page.getByRole('columnheader', { name: 'Labels' }).count()).toBe(0);

    const title = page.getByRole('columnheader', { name: 'CPU' });
    const edge = page.getByRole('separator', { name: 'Width of CPU' });
    const first = await widthOf(title);
    await edge.focus();
    await press('ArrowRight', 'ArrowRight');
    await expect.poll(() => widthOf(title)).toBe(first + 16);
    const box = await edge.boundingBox();
    if (!box) throw new Error('the edge of CPU is not on the page');
    await page.mouse.move(box.x + 4, box.y + 8);
    await page.mouse.down();
    await page.mouse.move(box.x + 34, box.y + 8, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => widthOf(title)).toBe(first + 46);

    const other = await openWindow(running.link());
    await other.page.getByRole('columnheader', { name: 'Kernel' }).waitFor({ timeout: 20_000 });
    expect(await widthOf(other.page.getByRole('columnheader', { name: 'CPU' }))).toBe(first + 46);
    await other.page.getByRole('button', { name: 'Columns' }).click();
    await other.page.getByRole('button', { name: 'Restore the first columns' }).click();
    await page.getByRole('columnheader', { name: 'Kernel' }).waitFor({ state: 'detached' });
    // There is room for labels in a larger window alone.
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('columnheader', { name: 'Labels' }).waitFor();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('columnheader', { name: 'Labels' }).waitFor({ state: 'detached' });
    await other.end();
  });
});

describe('saved views', () => {
  const save = async (name: string) => {
    await page.getByRole('button', { name: 'Saved views' }).click();
    await page.getByRole('menuitem', { name: 'Save this as a view…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill(name);
    await press('Enter');
    await page.getByRole('button', { name: 'Saved views' }).filter({ hasText: name }).waitFor();
  };

  test('that differ in layout, sort or columns alone are told apart, opened and deleted', async () => {
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Kernel' }).check();
    await press('Escape');
    await save('With kernels');
    await page.getByRole('button', { name: 'Honeycomb' }).click();
    await save('As a comb');
    await show('?sort=-cpu');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('button', { name: 'Restore the first columns' }).click();
    await press('Escape');
    await page.getByRole('columnheader', { name: 'Kernel' }).waitFor({ state: 'detached' });
    await save('By load');

    await press('Control+k');
    await page.keyboard.type('With kernels');
    await page.getByRole('option', { name: /With kernels/ }).waitFor();
    await press('Enter');
    await page.getByRole('columnheader', { name: 'Kernel' }).waitFor();

    await page.getByRole('button', { name: 'Saved views' }).click();
    await page.getByRole('menuitem', { name: 'As a comb', exact: false }).click();
    await cells().first().waitFor();
    await page.getByRole('button', { name: 'Saved views' }).click();
    await page.getByRole('menuitem', { name: 'Delete the view “As a comb”' }).click();
    await page
      .getByRole('button', { name: 'Saved views' })
      .filter({ hasText: /^Views$/ })
      .waitFor();
    await page.getByRole('button', { name: 'Saved views' }).click();
    await page.getByRole('menuitem', { name: 'By load' }).waitFor();
    expect(await page.getByRole('menuitem', { name: /^(With kernels|As a comb)/ }).count()).toBe(1);
    await press('Escape');
  });
});

describe('the honeycomb', () => {
  test('shows a group that was folded as folded, with its hosts counted, and unfolds it', async () => {
    await show('?group=label:role');
    const all = await row(/^db-/).count();
    await row('Group role=db').getByRole('button').click();
    await press('h');
    const fold = page.getByRole('button', { name: `role=db ${all} hosts` });
    await fold.waitFor();
    expect(await cells().count()).toBe(24 - all);
    await fold.click();
    await expect.poll(() => cells().count()).toBe(24);
  });

  test('is walked as its cells lie, and what the cursor stands on is in sight', async () => {
    await page.setViewportSize({ width: 1280, height: 420 });
    await show('?layout=honeycomb&group=label:role');
    // The first group may have one host only.
    await press('ArrowDown', 'ArrowDown');
    const place = async () => {
      const box = await page.locator('.comb-cursor').boundingBox();
      if (!box) throw new Error('no cell is under the cursor');
      return box;
    };
    const first = await place();
    await press('ArrowRight');
    const right = await place();
    expect([right.x > first.x, right.y]).toEqual([true, first.y]);
    await press('ArrowDown');
    const below = await place();
    expect(below.y).toBeGreaterThan(right.y);
    await press('ArrowUp');
    expect((await place()).x).toBe(right.x);
    await press('End');
    const frame = await page.locator('.honeycomb').boundingBox();
    const last = await place();
    expect(last.y + last.height).toBeLessThanOrEqual((frame?.y ?? 0) + (frame?.height ?? 0));
  });

  test('is selected over a range with the mouse and Shift', async () => {
    await show('?layout=honeycomb');
    await cells().nth(2).click();
    await cells()
      .nth(6)
      .click({ modifiers: ['Shift'] });
    await selected('5 hosts');
    expect(await cells().nth(4).getAttribute('aria-selected')).toBe('true');
  });
});

test('the palette finds a unit over the fleet: where it failed, else on which hosts it is', async () => {
  await press('Control+k');
  await page.keyboard.type('mail-worker');
  await page.getByRole('option', { name: /^mail-worker\.service failed on 1,/ }).click();
  await expect.poll(() => page.url()).toContain('/units/mail-worker.service');
  await page
    .getByText(/^1 failed/)
    .first()
    .waitFor();
  await show('?q=unit:mail-worker.service=failed');
  await expect.poll(async () => (await hostNames()).length).toBe(1);
  const state = page.locator('.fleet-state');
  expect(await state.innerText()).toMatch(/failing\s*mail-worker\.service is failed\s*(\+\d\s*)?\d+ (s|min|h|d)/);
  await show('');
  await press('Control+k');
  await page.keyboard.type('nginx');
  await page.getByRole('option', { name: /^nginx\.service active on \d+ of \d+ hosts/ }).click();
  await expect.poll(() => page.url()).toContain('/units/nginx.service');
  await page
    .getByText(/^\d+ active/)
    .first()
    .waitFor();
  await show('');
});

test('the hosts of a group of answers have their actions under the dot', async () => {
  await press('j', 'x', 'Shift+ArrowDown', 'a');
  await page.getByRole('textbox', { name: 'Command' }).fill('uname -r');
  await press('Control+Enter');
  const group = page.getByTestId('ask-group').first();
  await group.waitFor({ timeout: 20_000 });
  await group.click();
  await press('.');
  await page.getByRole('menuitem', { name: /^Mark .* down on purpose…$/ }).waitFor();
  await press('Escape');
  await expect.poll(() => page.getByRole('menuitem').count()).toBe(0);
});

test('what is wrong and how the connections are is seen from every view, and leads to those hosts', async () => {
  await page.evaluate(() => {
    location.hash = '#/c/demo/activity';
  });
  const chip = page.getByRole('banner').getByRole('link', { name: /failing|unreachable/ });
  await chip.first().waitFor({ timeout: 60_000 });
  await chip.first().click();
  await expect.poll(() => decodeURIComponent(page.url())).toMatch(/q=state:(failing|unreachable)/);
  const links = page.getByRole('region', { name: 'Connections' });
  await links.getByRole('link', { name: /^up 2\d$/ }).click();
  await expect.poll(() => decodeURIComponent(page.url())).toContain('q=link:up');
  await page.getByRole('button', { name: 'Narrow the rail to icons' }).click();
  await links.getByRole('link', { name: /^Connections: .*2\d up/ }).waitFor();
  await page.getByRole('button', { name: 'Widen the rail' }).click();
});

test.each(['dark', 'light'] as const)(
  'nothing that opens has a serious accessibility violation (%s)',
  async (theme) => {
    await page.emulateMedia({ colorScheme: theme });
    const found: string[] = [];
    const check = async (what: string) => {
      await page.waitForTimeout(500);
      found.push(...(await seriousViolations(page)).map((violation) => `${what}: ${violation}`));
    };
    await show('?group=label:role');
    await press('j', 'x');
    await check('groups');
    await press('h');
    await check('honeycomb');
    await press('Control+k');
    await page.keyboard.type('web');
    await check('palette');
    await press('Escape', '?');
    await check('keys');
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await press('m');
    await page.getByRole('dialog').waitFor();
    await check('dialog');
    await press('Escape');
    await page.evaluate(() => {
      location.hash = '#/';
    });
    await check('first run');
    expect(found).toEqual([]);
    expect(window.complaints).toEqual([]);
  },
);
