import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { goTo, withDemoFleet } from '#kit/demo-window.ts';

let page: Page;
let complaints: readonly string[];

withDemoFleet((demo) => {
  ({ page, complaints } = demo);
});

const go = (rest: string) => goTo(page, rest);

const remarks = () => page.getByRole('list', { name: 'Remarks' });

test('a wrong line of sshd_config is told while it is typed, before any host was asked', async () => {
  const path = '/etc/ssh/sshd_config.d/10-hardening.conf';
  await go(`config/compare?path=${encodeURIComponent(path)}`);
  await page.getByRole('button', { name: 'Edit this text for all of them' }).first().click({ timeout: 20_000 });
  await page.locator('.code-editor .cm-content').click();
  expect(await remarks().count()).toBe(0);
  await page.keyboard.press('Control+End');
  await page.keyboard.type('PermitRootLogn no\n');
  await remarks().getByText('Did you mean PermitRootLogin?').waitFor();
  await page.keyboard.type('PermitEmptyP');
  await page.locator('.cm-tooltip-autocomplete').getByText('PermitEmptyPasswords').waitFor();
});

test('a unit in a cloud-config is checked at its line in the document, and its directives are offered there', async () => {
  await go('config/documents/+new');
  await page.getByRole('button', { name: 'A pasted text' }).click();
  const text = `#cloud-config
coreos:
  units:
    - name: web.service
      content: |
        [Service]
        ExecStart=/usr/bin/web
        Typ=simple
`;
  await page.getByLabel('Text', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Begin with this text' }).click();
  await remarks().getByText('Line 8: "Typ" is not known in [Service] by systemd 252. Did you mean Type=?').waitFor();
  await page
    .locator('.cm-lintRange-warning')
    .getByText('Typ=simple')
    .or(page.locator('.cm-lint-marker-warning'))
    .first()
    .waitFor();
  const editor = page.locator('.code-editor .cm-content');
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('        LimitNPRO');
  await page.locator('.cm-tooltip-autocomplete').getByText('LimitNPROC').waitFor();
  // What is offered is not taken within 75 ms, so that nobody takes it who was typing.
  await page.waitForTimeout(150);
  await page.keyboard.press('Enter');
  expect(await editor.innerText()).toContain('        LimitNPROC=');
  expect(complaints).toEqual([]);
});
