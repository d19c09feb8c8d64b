import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousViolations } from '#kit/axe.ts';
import { goTo, withDemoFleet } from '#kit/demo-window.ts';

let page: Page;

withDemoFleet((demo) => {
  ({ page } = demo);
});

const go = (rest: string) => goTo(page, rest);

const dropIn = '/etc/systemd/system/nginx.service.d/10-limits.conf';

/** Opens the drop-in that all hosts of role web have, and types a line into it that is warned of. */
async function typeWrongDirective(): Promise<Locator> {
  await go(`config/compare?path=${encodeURIComponent(dropIn)}&q=label:role=web`);
  await page.getByRole('button', { name: 'Edit this text for all of them' }).click({ timeout: 20_000 });
  const editor = page.getByRole('textbox', { name: `${dropIn} on 10 hosts` });
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('LimitNOFIL=5');
  return editor;
}

test('a unit leads to its drop-in on all hosts; a wrong directive is told at its line, a right one is offered', async () => {
  await go('host/web-b2/units/nginx.service');
  const unit = page.getByRole('region', { name: 'Unit nginx.service' });
  await unit.getByRole('button', { name: 'Files' }).click();
  await unit.getByRole('link', { name: 'Edit as a drop-in here' }).click();
  await page.getByText('1 host', { exact: true }).waitFor();
  const editor = await typeWrongDirective();
  await page.getByRole('list', { name: 'Remarks' }).getByText('Did you mean LimitNOFILE=?').waitFor();
  for (let i = 0; i < 'LimitNOFIL=5'.length; i++) await page.keyboard.press('Backspace');
  await page.keyboard.type('LimitNPRO');
  await page.locator('.cm-tooltip-autocomplete').getByText('LimitNPROC').waitFor();
  // What is offered is not taken within 75 ms, so that nobody takes it who was typing.
  await page.waitForTimeout(150);
  await page.keyboard.press('Enter');
  await page.keyboard.type('4096');
  expect(await editor.innerText()).toContain('LimitNPROC=4096');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('region', { name: 'The plan' }).getByText('10 hosts would change').waitFor({ timeout: 20_000 });
  expect(await editor.innerText()).not.toContain('4096\n\n\n');
});

test.each(['dark', 'light'] as const)('the mark beside a line with a warning stands out (%s)', async (theme) => {
  await page.emulateMedia({ colorScheme: theme });
  // Not the edit that is open already.
  await go('fleet');
  await page.getByRole('grid', { name: 'Hosts' }).waitFor();
  await typeWrongDirective();
  const mark = page.locator('.cm-lint-marker-warning');
  await mark.waitFor();
  const colours = await mark.evaluate((element) => [
    getComputedStyle(element).backgroundColor,
    getComputedStyle(element.closest('.cm-gutters') ?? element).backgroundColor,
  ]);
  expect(contrast(colours.map(luminance))).toBeGreaterThan(3);
});

/** Of `rgb(1, 2, 3)`, as WCAG counts it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast([one = 0, other = 0]: readonly number[]): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

test.each(['dark', 'light'] as const)(
  'the editor and both differences have no serious accessibility violation (%s)',
  async (theme) => {
    await page.emulateMedia({ colorScheme: theme });
    await go(`config/compare?path=${encodeURIComponent('/etc/ssh/sshd_config.d/10-hardening.conf')}`);
    await page.getByRole('button', { name: /^1 host: show/ }).click({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Side by side' }).click();
    await page.locator('.cm-mergeView').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Edit this text for all of them' }).click();
    await page.locator('.code-editor .cm-content').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  },
);
