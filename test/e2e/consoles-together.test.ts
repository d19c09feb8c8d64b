import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Scope } from '#core/lib/scope.ts';
import { findEtcd } from '#demo/etcd/real-etcd.ts';
import { startEtcd } from '#kit/etcd.ts';
import { skipUnless } from '#kit/skip.ts';
import { findSshd, makeKey, startSshd, type TestSshd } from '#kit/sshd.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const passphrase = 'correct horse battery';
const scope = new Scope('consoles together');
const running: RunningConsole[] = [];
const windows: OpenWindow[] = [];
const reason =
  windowUnavailable() ??
  ((await findEtcd()) === null ? 'no etcd on the PATH' : null) ??
  ((await findSshd()) === null ? 'sshd is not installed' : null);
let daemon: TestSshd;
let cluster = '';
let key = '';

async function windowOf(person: string): Promise<OpenWindow> {
  const env = { QUARTERDECK_PERSON: person, QUARTERDECK_VAULT_PASSPHRASE: 'of the vault' };
  const started = await startConsole({ clusters: { harbour: cluster }, env });
  running.push(started);
  const window = await openWindow(started.link());
  windows.push(window);
  await window.page.evaluate(() => {
    location.hash = '#/c/harbour/fleet';
  });
  return window;
}

beforeAll(async () => {
  if (reason) return;
  const { spec } = await startEtcd(scope);
  const folder = await mkdtemp(join(tmpdir(), 'qd-together-'));
  scope.add(() => rm(folder, { recursive: true, force: true }));
  key = await makeKey(join(folder, 'locked'), 'ed25519', passphrase);
  daemon = await startSshd({ keyFile: key });
  cluster = [
    'name: Harbour',
    'mode: observe',
    `etcd: { endpoints: [${spec.endpoints.join(', ')}] }`,
    `ssh: { agent: false, keys: [${key}] }`,
    `hosts: [{ name: node1, address: 127.0.0.1, port: ${daemon.port}, user: ${daemon.user} }]`,
    '',
  ].join('\n');
});
afterAll(async () => {
  for (const window of windows) await window.end();
  for (const one of running) await one.end();
  await daemon?.end();
  await scope.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

test('two people see each other in the status bar, and a mark of one in the window of the other', async () => {
  const ada = (await windowOf('ada')).page;
  await ada.getByRole('button', { name: 'Nobody else is here' }).waitFor();
  const bob = (await windowOf('bob')).page;
  await ada.getByRole('button', { name: /^With bob@/ }).click();
  const list = ada.getByRole('dialog', { name: 'Who has this cluster open' });
  await list.getByText(/^ada@.* · this console, 1 window$/).waitFor();
  await list.getByText(/^bob@/).waitFor();
  await ada.keyboard.press('Escape');

  await ada.getByRole('grid').first().focus();
  await ada.keyboard.press('Control+a');
  await ada.keyboard.press('.');
  await ada.getByRole('menuitem', { name: /down on purpose/i }).click();
  const dialog = ada.getByRole('dialog', { name: /down on purpose/ });
  await dialog.getByText('it is kept in the etcd of this cluster').waitFor();
  await dialog.getByLabel('Reason').fill('new disks');
  await dialog.getByRole('button', { name: 'Mark node1 down on purpose' }).click();
  await bob
    .getByRole('row', { name: /node1/ })
    .getByText(/new disks/)
    .first()
    .waitFor();

  await running[0]?.end();
  running.shift();
  const alone = bob.getByRole('button', { name: 'Nobody else is here' });
  await alone.waitFor();
  expect(await alone.isVisible()).toBe(true);
});

test('a secret that is remembered is listed in the settings without its value, and forgotten there', async () => {
  const { page } = windows[1] as OpenWindow;
  await page.getByRole('button', { name: /host key/ }).click();
  await page.getByRole('button', { name: 'Accept 1 key' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /1 question to answer/ }).click();
  const field = page.getByRole('dialog').locator('input[type=password]');
  await field.fill(passphrase);
  await page.getByLabel(/Remember it/).check();
  await field.press('Enter');
  await page.getByText('1 of 1 host connected').waitFor();
  await page.evaluate(() => {
    location.hash = '#/c/harbour/settings/general';
  });
  const card = page.getByRole('region', { name: 'Kept secrets' });
  await card.getByText(key).waitFor();
  expect(await card.textContent()).not.toContain(passphrase);
  await card.getByRole('button', { name: /^Forget the passphrase of/ }).click();
  await card.getByText(/^None\./).waitFor();
});
