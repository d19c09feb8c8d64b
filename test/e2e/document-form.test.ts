import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { goTo, withDemoFleet } from '#kit/demo-window.ts';

let page: Page;
let complaints: readonly string[];

const publicKey = (name: string) =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGx3bS9kb2VzIG5vdCBleGlzdCBhdCBhbGwuLi4u ${name}`;
const butane = `# machines of rack 7
variant: flatcar
version: 1.1.0
passwd:
  users:
    # who looks after them
    - name: core   # as ever
      ssh_authorized_keys:
        - ${publicKey('ada')}  # until June
storage:
  files:
    - path: /etc/flatcar/update.conf
      mode: 0644
      contents:
        inline: |
          # the channel
          GROUP=stable
          REBOOT_STRATEGY=reboot
`;

withDemoFleet(
  (demo) => {
    ({ page, complaints } = demo);
  },
  { width: 1920, height: 1080 },
);

const go = (view: string) => goTo(page, view);

const editor = () => page.getByRole('textbox', { name: 'Text of rack7' });
const saved = (words: string) => page.getByText(words).first().waitFor({ timeout: 20_000 });
const view = (name: string) =>
  page.getByRole('group', { name: 'How the document is edited' }).getByRole('button', { name });
const message = () => page.getByRole('textbox', { name: 'What changed, and why' });

async function lines(): Promise<string[]> {
  return (await editor().locator('.cm-line').allInnerTexts()).map((line) => line.replace(/\n$/, ''));
}

test('a key added in the form stands in the text, comments kept, and is saved as a revision', async () => {
  await go('config/documents/+new');
  await page.getByRole('button', { name: 'A pasted text' }).click();
  await page.getByLabel('Text', { exact: true }).fill(butane);
  await page.getByRole('button', { name: 'Begin with this text' }).click();
  await page.getByLabel('Name', { exact: true }).fill('rack7');
  await page.getByRole('combobox', { name: 'For these hosts' }).fill('label:role=web');
  await message().fill('Begin');
  await page.getByRole('button', { name: 'Save the document' }).click();
  await page.getByRole('heading', { name: 'rack7' }).waitFor({ timeout: 20_000 });
  await view('Side by side').click();
  const keys = page.getByRole('group', { name: 'SSH keys' });
  await keys.getByLabel('Another SSH key').fill('ssh-ed25519 nonsense');
  await keys.getByText('A public key is one line').waitFor();
  expect(await keys.getByRole('button', { name: 'Add SSH key' }).isDisabled()).toBe(true);
  await keys.getByLabel('Another SSH key').fill(publicKey('eve'));
  await page.keyboard.press('Enter');
  const added = `        - ${publicKey('eve')}`;
  await expect.poll(lines).toContain(added);
  const wished = butane.trimEnd().split('\n');
  wished.splice(wished.findIndex((line) => line.includes('until June')) + 1, 0, added);
  expect((await lines()).filter((line) => line !== '')).toEqual(wished);
  await message().fill('Let Eve in');
  await page.getByRole('button', { name: 'Save revision' }).click();
  await saved('revision 2');
  await page.getByRole('link', { name: 'Revisions' }).click();
  await page.getByRole('list', { name: 'Revisions' }).getByText('Let Eve in').waitFor();
  await page.locator('pre').getByText(publicKey('eve')).waitFor();
});

test('the restart strategy is chosen in the form, and typed text is seen in the form', async () => {
  await go('config/documents/rack7');
  await page.getByRole('button', { name: /^Updates/ }).click();
  await page.getByLabel('Restart for an update').selectOption('off');
  await expect.poll(lines).toContain('          REBOOT_STRATEGY=off');
  expect(await lines()).toContain('          # the channel');
  await editor().fill(butane.replace('GROUP=stable', 'GROUP=beta'));
  await expect.poll(() => page.getByLabel('Channel or group').inputValue()).toBe('beta');
  await editor().fill('passwd: [');
  await page.getByRole('button', { name: /^Go to line/ }).waitFor();
  await editor().fill(butane);
});

test('a key that the text has and that is none is marked in the form', async () => {
  const wrong = 'ssh-ed25519 nonsense';
  await editor().fill(butane.replace(publicKey('ada'), wrong));
  await page.getByRole('button', { name: /^Users/ }).click();
  const keys = page.getByRole('group', { name: 'SSH keys' });
  await keys.getByText('A public key is one line').waitFor();
  const field = keys.getByLabel('SSH key 1', { exact: true });
  expect([await field.inputValue(), await field.getAttribute('aria-invalid')]).toEqual([wrong, 'true']);
  await field.fill(publicKey('ada'));
  await expect.poll(() => keys.getByText('A public key is one line').count()).toBe(0);
  await expect.poll(async () => (await lines()).join('\n').trimEnd()).toBe(butane.trimEnd());
  // Edits close to each other are undone as one, and the next test undoes its own.
  await page.waitForTimeout(1600);
});

test('users are added and removed by the keyboard alone', async () => {
  await page.getByRole('button', { name: /^Users/ }).click();
  await page.getByRole('button', { name: 'Add a user' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('deploy');
  await page.keyboard.press('Enter');
  await expect.poll(lines).toContain('    - name: deploy');
  // Edits close to each other are undone as one.
  await page.waitForTimeout(1600);
  await page.getByRole('button', { name: 'Remove deploy' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(lines).not.toContain('    - name: deploy');
  await expect.poll(async () => (await lines()).join('\n').trimEnd()).toBe(butane.trimEnd());
  await page.getByRole('button', { name: 'Undo the last edit' }).click();
  await expect.poll(lines).toContain('    - name: deploy');
  await page.getByRole('button', { name: 'Undo the last edit' }).click();
  await expect.poll(async () => (await lines()).join('\n').trimEnd()).toBe(butane.trimEnd());
});

test.each(['dark', 'light'] as const)('the form has no serious accessibility violation (%s)', async (theme) => {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForTimeout(600);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  );
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('one file over many hosts is edited in the form too, as far as the plan', async () => {
  await view('Text').click();
  await editor().fill(butane);
  await message().fill('As it was');
  await page.getByRole('button', { name: 'Save revision' }).click();
  await saved('As it was');
  await go('config/compare?path=/etc/flatcar/update.conf');
  await page.getByRole('button', { name: 'Edit this text for all of them' }).click({ timeout: 30_000 });
  await view('Form').click();
  await page.getByLabel('Restart window begins').fill('Saturday');
  await page.getByText('HH:MM for every day').waitFor();
  await page.getByLabel('Restart window begins').fill('Sun 03:00');
  await page.getByLabel('Restart window lasts').fill('2h');
  await view('Text').click();
  await page
    .getByRole('textbox', { name: /^\/etc\/flatcar\/update\.conf/ })
    .getByText('Sun 03:00')
    .waitFor();
  await page.getByRole('button', { name: 'Read the plan' }).click();
  const plan = page.getByRole('region', { name: 'The plan' });
  await plan.getByText('LOCKSMITHD_REBOOT_WINDOW_LENGTH=2h').first().waitFor({ timeout: 30_000 });
  expect(await plan.getByText(/WINDOW_START="?Sun 03:00/).count()).toBeGreaterThan(0);
});

test('where the cluster is only observed, the form can be read and not written', async () => {
  const mode = async (name: string) => {
    await go('settings/general');
    await page.getByRole('button', { name, exact: true }).click();
    await page.waitForTimeout(300);
    await go('config/documents/rack7');
  };
  await mode('Observe');
  await view('Form').click();
  const name = page.getByLabel('Name', { exact: true }).first();
  await expect.poll(() => name.isDisabled(), { timeout: 10_000 }).toBe(true);
  expect(await page.getByRole('button', { name: 'Add a user' }).count()).toBe(0);
  await page.getByRole('button', { name: /^Updates/ }).click();
  expect(await page.getByLabel('Channel or group').inputValue()).toBe('stable');
  await mode('Operate');
  await page.getByRole('button', { name: 'Add a user' }).waitFor({ timeout: 10_000 });
});
