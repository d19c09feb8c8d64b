import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousViolations } from '#kit/axe.ts';
import { withDemoFleet } from '#kit/demo-window.ts';

const unit = 'docker.service';
const dropIn = `/etc/systemd/system/${unit}.d/50-quarterdeck.conf`;
let page: Page;

withDemoFleet((demo) => {
  ({ page } = demo);
});

const list = () => page.getByRole('grid', { name: 'Units over the fleet' });
const detail = () => page.getByRole('region', { name: `${unit} over the fleet` });

/** The change came to its end. What befell a host of the demo meanwhile, which the checks tell, is tried again as a person would. */
async function committed(change: Locator): Promise<void> {
  const done = change.getByText('committed').first();
  const retry = change.getByRole('button', { name: 'Retry the failed' });
  try {
    for (let tries = 0; tries < 3; tries++) {
      await done.or(retry).first().waitFor({ timeout: 150_000 });
      if (await done.isVisible()) return;
      await retry.click();
      await retry.waitFor({ state: 'detached' });
    }
    await done.waitFor();
  } catch (error) {
    throw new Error(`not committed; the window says: ${await change.innerText()}`, { cause: error });
  }
}

test('the rail and a chord lead to every unit of the fleet, filtered by text', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  await list().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('docker');
  await list().getByRole('row', { name: unit, exact: true }).waitFor();
  // The units of a host come a little later than the host.
  await expect
    .poll(() => page.getByTestId('units-sum').innerText(), { timeout: 20_000 })
    .toMatch(/^\d+ units? on 2[234] hosts/);
  const row = await list().getByRole('row', { name: unit, exact: true }).innerText();
  expect(row).toMatch(/\d+ active/);
  expect(await seriousViolations(page)).toEqual([]);
});

test('one unit is folded by state and files, and follows what happens', async () => {
  await list().getByRole('row', { name: unit, exact: true }).click();
  await detail()
    .getByText(/unit files: \d+ same/)
    .waitFor();
  expect(page.url()).toContain(`/units/${unit}`);
  expect(await page.getByTestId('unit-sum').innerText()).toMatch(/\d+ active .*unit files: \d+ same/);
  expect(await seriousViolations(page)).toEqual([]);
  const inactive = (words: string) => Number(/(\d+) inactive/.exec(words)?.[1] ?? 0);
  const before = inactive(await page.getByTestId('unit-sum').innerText());

  await detail()
    .getByRole('button', { name: /hosts: show them/ })
    .first()
    .click();
  await detail()
    .getByRole('checkbox', { name: /^Tick [a-z]+-[^,]+$/ })
    .first()
    .check();
  await detail().getByText('On the 1 host ticked').waitFor();
  await detail().getByRole('button', { name: /^Stop/ }).click();
  await page
    .getByRole('form', { name: `Stop ${unit}` })
    .getByRole('button', { name: /^Stop docker/ })
    .click();
  // Told without being asked for: the list is counted anew by itself.
  await expect
    .poll(async () => inactive(await page.getByTestId('unit-sum').innerText()), { timeout: 20_000 })
    .toBe(before + 1);
});

test('a drop-in is written for all that have the unit, seen as a difference, and taken away again', {
  timeout: 360_000,
}, async () => {
  // One group is still unfolded, and one of its hosts still ticked.
  await detail().getByRole('checkbox', { checked: true }).first().uncheck();
  await detail()
    .getByRole('button', { name: /hosts: show them/ })
    .and(page.locator('[aria-expanded=false]'))
    .first()
    .click();
  // Three of them, so that the rest agrees. On web-c1 a service dies every minute or so, which the checks rightly tell.
  const hosts = detail().getByRole('checkbox', { name: /^Tick (?!web-c1)[a-z]+-[^,]+$/ });
  await hosts.nth(0).check();
  await hosts.nth(1).check();
  await hosts.nth(2).check();
  await detail().getByRole('button', { name: 'Edit as drop-in on 3 hosts' }).click();
  await page.getByRole('button', { name: 'Write this file' }).click({ timeout: 30_000 });
  const text = page.getByLabel(`${dropIn} on 3 hosts`);
  await text.locator('.cm-line').first().waitFor();
  await text.fill('[Service]\nNice=5\n');
  await page.getByLabel('Waves', { exact: true }).and(page.locator('select')).selectOption('one');
  await page.getByRole('button', { name: 'Read the plan' }).click();
  await page.getByRole('button', { name: 'Apply in stages to 3 hosts' }).click();
  const change = page.getByRole('region', { name: 'The change' });
  await committed(change);

  await page.goBack();
  await page.goBack();
  await detail()
    .getByText(/unit files: \d+ same · \d+ differ/)
    .waitFor();
  const files = detail().getByRole('region', { name: 'Files of the unit' });
  await files.getByRole('button', { name: /^3 hosts: differs/ }).click();
  await files.getByText('Nice=5').first().waitFor();
  await files.getByRole('button', { name: 'Side by side' }).click();
  await files.getByRole('textbox', { name: /The \d+ that agree/ }).waitFor();
  await files.getByRole('button', { name: 'Inline' }).click();

  await detail().getByRole('button', { name: 'Remove the drop-in 50-quarterdeck.conf on 3 hosts' }).click();
  await detail().getByRole('button', { name: 'Apply in stages to 3 hosts' }).click({ timeout: 30_000 });
  await committed(change);
  await page.goBack();
  await detail()
    .getByText(/unit files: \d+ same/)
    .waitFor();
  await expect.poll(() => files.getByText('Nice=5').count(), { timeout: 10_000 }).toBe(0);
});
