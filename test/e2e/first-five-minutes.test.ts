import { readFile, writeFile } from 'node:fs/promises';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const reason = labUnavailable() ?? windowUnavailable();
let lab: Lab;
let home = '';
let running: RunningConsole;
let window: OpenWindow;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({
    systems: ['debian', 'flatcar', 'fcos', 'debian', 'debian'],
    behind: { node4: 'node1' },
    etcd: 'none',
  });
  home = await mkdtemp(join(tmpdir(), 'qd-home-'));
  await mkdir(join(home, '.ssh'), { mode: 0o700 });
});
afterAll(async () => {
  await window?.end();
  await running?.end();
  await lab?.end();
  if (home) await rm(home, { recursive: true, force: true });
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

function sshConfig(): string {
  const { env } = lab;
  const blocks = env.hosts.map(({ name, ip, address, port, via }) =>
    via === null
      ? `Host ${name}\n  HostName ${address}\n  Port ${port}\n`
      : `Host ${name}\n  HostName ${ip}\n  ProxyJump ${via}\n`,
  );
  const password = `Host node5\n  User ${env.password.user}\n  PubkeyAuthentication no\n  IdentitiesOnly yes\n`;
  return `${blocks.join('')}${password}Host node*\n  User ${env.user}\n  IdentityFile ${env.key}\n`;
}

/** Every file that could be written over ssh, with its time; what the host itself keeps writing is left out. */
async function filesOf(host: string): Promise<string> {
  const found = await lab.exec(host, [
    'sh',
    '-c',
    'find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /var/log -o -path /var/lib/lab -o -path /var/lib/systemd \\) -prune -o -type f -newermt "-1 hour" -printf "%p %T@ %s\\n" | sort',
  ]);
  return found.stdout;
}

test('from an empty console to the whole fleet, with a jump host, a swapped key, a refusing host and a password', async () => {
  const oldKey = lab.host('node3').hostKey;
  const node3 = lab.host('node3');
  const newKey = await lab.swapHostKey('node3');
  expect(newKey).not.toBe(oldKey);
  const known = `[${node3.address}]:${node3.port} ${oldKey}\n`;
  await writeFile(join(home, '.ssh', 'known_hosts'), known, { mode: 0o600 });
  await writeFile(join(home, '.ssh', 'config'), sshConfig(), { mode: 0o600 });
  await lab.auth('node2', 'refuse');
  await lab.auth('node5', 'password');
  const before = new Map(
    await Promise.all(['node1', 'node4', 'node5'].map(async (host) => [host, await filesOf(host)] as const)),
  );

  running = await startConsole({ home });
  window = await openWindow(running.link());
  const { page } = window;
  await page.getByText('Import from ~/.ssh/config').click();
  await page.getByRole('table', { name: 'Hosts found' }).waitFor();
  for (const name of ['node1', 'node2', 'node3', 'node4', 'node5'])
    expect(await page.getByLabel(`Take ${name}`).isChecked()).toBe(true);
  expect(await page.getByRole('row', { name: /node4/ }).textContent()).toContain('node1');
  await page.getByLabel('Name of the cluster').fill('First fleet');
  await page.getByRole('button', { name: 'Make a cluster of 5 hosts' }).click();

  // Changed key: that host alone is blocked, loudly, with both fingerprints.
  await page.getByRole('button', { name: /host key changed/ }).click();
  const keys = page.getByRole('dialog', { name: 'Host keys' });
  const alert = keys.getByRole('alert');
  await alert.waitFor();
  expect(await alert.textContent()).toContain('The host key of node3 has CHANGED');
  expect((await alert.textContent())?.match(/SHA256:[\w+/]{43}/g)).toHaveLength(2);

  // Unknown keys: shown as a table, accepted once. The host behind the jump can only be asked after it.
  const accepted = new Set<string>();
  await expect
    .poll(
      async () => {
        const accept = keys.getByRole('button', { name: /^Accept \d+ keys?$/ });
        if (await accept.isVisible().catch(() => false)) {
          for (const box of await keys.getByLabel(/^Accept the key of /).all()) {
            const label = await box.getAttribute('aria-label').catch(() => null);
            if (label) accepted.add(label.replace('Accept the key of ', ''));
          }
          await accept.click().catch(() => {});
        }
        return accepted.has('node1') && accepted.has('node4') && accepted.has('node5');
      },
      { timeout: 40_000, interval: 300 },
    )
    .toBe(true);
  await page.keyboard.press('Escape');

  // A password is asked where a host offers to take one; the host that takes nothing is left unconnected.
  await page.getByRole('button', { name: /2 questions to answer/ }).click({ timeout: 30_000 });
  const prompt = page.getByRole('dialog');
  for (let asked = 0; asked < 2; asked++) {
    const about = (await prompt.textContent()) ?? '';
    if (about.includes('node5')) {
      await prompt.locator('input[type=password]').fill(lab.env.password.password);
      await prompt.getByRole('button', { name: 'Answer' }).click();
    } else await prompt.getByRole('button', { name: 'Leave this host unconnected' }).click();
    await expect.poll(() => prompt.textContent().catch(() => ''), { timeout: 5_000 }).not.toBe(about);
  }

  await page.getByText('3 of 5 hosts connected').waitFor({ timeout: 40_000 });
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name) }).first();
  await expect.poll(() => row('node5').textContent(), { timeout: 20_000 }).toMatch(/healthy/);
  expect(await row('node3').textContent()).toMatch(/key/i);
  expect(await row('node2').textContent()).toMatch(/was not given; connect to be asked again/);

  // known_hosts gained exactly the accepted keys.
  const lines = (await readFile(join(home, '.ssh', 'known_hosts'), 'utf8')).slice(known.length).trim().split('\n');
  // A jump host that was asked for as such is named by its address.
  const named = (name: string) =>
    lab.env.hosts.find((host) => host.name === name || `${host.address}:${host.port}` === name);
  const expected = [...accepted].map((name) => {
    const { address, port, hostKey, via, ip } = named(name) ?? lab.host(name);
    return `${via === null ? `[${address}]:${port}` : ip} ${hostKey}`;
  });
  expect(lines.map((line) => line.split(' ').slice(0, 3).join(' ')).sort()).toEqual([...new Set(expected)].sort());
  expect(accepted.has('node3')).toBe(false);

  // Nothing was written on any host.
  for (const [host, files] of before) expect(await filesOf(host)).toBe(files);
  expect(window.complaints).toEqual([]);
});
