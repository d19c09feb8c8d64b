import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const reason = labUnavailable() ?? windowUnavailable();
const hosts = ['node1', 'node2', 'node3', 'node4', 'node5', 'node6'];
const path = '/etc/qd-app.conf';
let lab: Lab;
let running: RunningConsole;
let window: OpenWindow;
let page: Page;

async function open(): Promise<void> {
  running = await startConsole({ clusters: { lab: labCluster(lab) } });
  window = await openWindow(running.link());
  ({ page } = window);
  await go('#/c/lab/fleet');
  await page.getByText('6 of 6 hosts connected').waitFor({ timeout: 40_000 });
}

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: hosts.map(() => 'debian') });
  const starts =
    'printf \'[Service]\\nExecStart=/bin/sh -c "grep -q bad /etc/qd-app.conf && exit 1; exec sleep infinity"\\n\'';
  for (const name of hosts) {
    await root(name, `printf 'workers = 4\\n' >${path}; ${starts} >/etc/systemd/system/qd-app.service`);
    await root(name, 'systemctl daemon-reload; systemctl restart qd-app');
  }
  await root('node6', `printf 'workers = 2\\n' >${path}`);
  await open();
});
afterAll(async () => {
  await window?.end();
  await running?.end();
  await lab?.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

async function root(host: string, script: string): Promise<string> {
  return (await lab.exec(host, ['sh', '-c', script])).stdout;
}

async function go(hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** Types the text for all hosts, asks for the plan, and waits until it can be read. */
async function edit(text: string, of = path, then = 'restart qd-app'): Promise<void> {
  await go(`#/c/lab/config/compare?path=${encodeURIComponent(of)}`);
  await page.getByRole('button', { name: 'Edit this text for all of them' }).click();
  await page.getByLabel(`${of} on 6 hosts`).fill(text);
  await page.getByLabel('Then, in this order').fill(then);
  await page.getByLabel('Between waves').selectOption('0');
  await page.getByRole('button', { name: 'Read the plan' }).click();
  await page.getByRole('heading', { name: 'The plan' }).waitFor();
}

const sum = () => page.getByTestId('change-sum');

test('the odd one out is seen, the text edited once, the plan read, applied in stages, and all are the same', async () => {
  await go(`#/c/lab/config/compare?path=${encodeURIComponent(path)}`);
  await expect.poll(() => page.getByTestId('config-sum').textContent(), { timeout: 10_000 }).toBe('5 same · 1 differs');
  await edit('workers = 8\n');
  const plan = page.getByRole('region', { name: 'The plan' });
  await plan.getByText('6 hosts would change').waitFor();
  await plan.getByText('systemctl restart qd-app.service').first().waitFor();
  await page.getByRole('button', { name: 'Apply in stages to 6 hosts' }).click();
  await expect.poll(() => sum().textContent(), { timeout: 60_000 }).toBe('6 of 6 hosts');
  await page.getByRole('region', { name: 'The change' }).getByText('committed').first().waitFor();
  for (const name of hosts)
    expect(await root(name, `cat ${path}; systemctl is-active qd-app`)).toBe('workers = 8\nactive\n');
  await go(`#/c/lab/config/compare?path=${encodeURIComponent(path)}`);
  await expect.poll(() => page.getByTestId('config-sum').textContent(), { timeout: 10_000 }).toBe('6 same');
  // Who changed this file: the person, the change, the hosts.
  const who = page.getByRole('list', { name: 'Who changed it' }).getByRole('listitem').first();
  expect(await who.textContent()).toMatch(/^Edit .*qd-app\.conf.* by \S+@\S+ on 6 hosts, /);
  expect(await who.getByText('6 hosts').getAttribute('title')).toBe(hosts.join(', '));
  await who.getByRole('link').click();
  await page.getByRole('region', { name: 'The change' }).getByText('committed').first().waitFor();
});

test('a bad value stops at the canary, which says why; rolled on no further, it is stopped', async () => {
  await edit('bad = yes\n');
  await page.getByRole('button', { name: 'Apply in stages to 6 hosts' }).click();
  const change = page.getByRole('region', { name: 'The change' });
  await change.getByText('paused', { exact: true }).waitFor({ timeout: 40_000 });
  await change.getByRole('button', { name: /node1/ }).click();
  const course = page.getByRole('complementary', { name: /node1 went through/ });
  await course.getByText('restored', { exact: true }).waitFor();
  expect(await root('node1', `cat ${path}; systemctl is-active qd-app`)).toBe('workers = 8\nactive\n');
  expect(await root('node2', `cat ${path}`)).toBe('workers = 8\n');
  await change.getByRole('button', { name: 'Stop here' }).click();
  await change.getByText('stopped', { exact: true }).waitFor();
});

test('a host that is cut off while it is verified is shown so, and the change goes on once it is back', async () => {
  await edit('workers = 9\n');
  await page.getByRole('button', { name: 'Apply in stages to 6 hosts' }).click();
  const journal = () => root('node1', 'tail -n 1 /var/lib/quarterdeck/journal');
  await expect.poll(journal, { timeout: 30_000, interval: 50 }).toContain(' applied');
  await root('node1', 'systemctl stop ssh; pkill -KILL sshd');
  const change = page.getByRole('region', { name: 'The change' });
  const host = change.getByRole('button', { name: /node1/ });
  await host.getByText('cut off', { exact: true }).waitFor();
  await host.click();
  const course = page.getByRole('complementary', { name: /node1 went through/ });
  // It was cut off while a gate was asked, or between two.
  await course.getByText(/; asked again when it can be reached/).waitFor();
  await root('node1', 'systemctl start ssh');
  await expect.poll(() => sum().textContent(), { timeout: 90_000 }).toBe('6 of 6 hosts');
  await host.getByText('done', { exact: true }).waitFor();
  expect(await root('node1', `cat ${path}`)).toBe('workers = 9\n');
});

test('a restore that cannot be done is told as NOT restored; once it can be done again, all is put back', async () => {
  const locked = '/etc/qd-locked/app.conf';
  const breaks = `grep -q bad ${locked} || exec sleep infinity; mount --bind /etc/qd-locked /etc/qd-locked; mount -o remount,ro,bind /etc/qd-locked; exit 1`;
  for (const name of hosts) {
    await root(name, `mkdir -p /etc/qd-locked; printf 'a = 1\\n' >${locked}`);
    await root(name, `printf '%s\\n' '#!/bin/sh' '${breaks}' >/root/locked; chmod 755 /root/locked`);
    await root(name, "printf '[Service]\\nExecStart=/root/locked\\n' >/etc/systemd/system/qd-locked.service");
    await root(name, 'systemctl daemon-reload; systemctl restart qd-locked');
  }
  const before = await root('node1', `stat -c '%y %a' ${locked}; cat ${locked}`);
  await edit('bad = yes\n', locked, 'restart qd-locked');
  await page.getByRole('button', { name: 'Apply in stages to 6 hosts' }).click();
  const change = page.getByRole('region', { name: 'The change' });
  await change.getByText('paused', { exact: true }).waitFor({ timeout: 60_000 });
  await change.getByText(/node1: .*NOT restored: .*could not be put back/).waitFor();
  await change.getByRole('button', { name: /node1/ }).click();
  const course = page.getByRole('complementary', { name: /node1 went through/ });
  await course.getByText('NOT restored', { exact: true }).waitFor();
  await change.getByRole('button', { name: 'Roll back all' }).click();
  await change.getByText('NOT rolled back', { exact: true }).waitFor({ timeout: 60_000 });
  await root('node1', 'umount /etc/qd-locked');
  await change.getByRole('button', { name: 'Roll back all' }).click();
  await change.getByText('rolled back', { exact: true }).waitFor({ timeout: 60_000 });
  expect(await root('node1', `stat -c '%y %a' ${locked}; cat ${locked}`)).toBe(before);
  expect(await root('node2', `cat ${locked}`)).toBe('a = 1\n');
});

test('what somebody else changed while it was edited is joined with the edit, host by host, before anything is written', async () => {
  for (const name of hosts) await root(name, `printf 'a = 1\nb = 2\nc = 3\nd = 4\n' >${path}`);
  await go(`#/c/lab/config/compare?path=${encodeURIComponent(path)}`);
  await page.getByRole('button', { name: /^Compare on 6 hosts/ }).click();
  await expect.poll(() => page.getByTestId('config-sum').textContent(), { timeout: 10_000 }).toBe('6 same');
  await page.getByRole('button', { name: 'Edit this text for all of them' }).click();
  await page.getByLabel(`${path} on 6 hosts`).fill('a = 9\nb = 2\nc = 3\nd = 4\n');
  await root('node4', `printf 'a = 1\nb = 2\nc = 3\nd = 7\n' >${path}`);
  await page.getByRole('button', { name: 'Read the plan' }).click();
  const moved = page.getByRole('region', { name: 'Changed meanwhile on node4' });
  await moved.getByRole('button', { name: 'Use the joined text on 1 host' }).click();
  await page.getByRole('region', { name: 'The plan' }).getByText('6 hosts would change').waitFor();
  await page.getByRole('button', { name: 'Apply in stages to 6 hosts' }).click();
  await expect.poll(() => sum().textContent(), { timeout: 60_000 }).toBe('6 of 6 hosts');
  for (const name of hosts)
    expect(await root(name, `cat ${path}`)).toBe(`a = 9\nb = 2\nc = 3\nd = ${name === 'node4' ? 7 : 4}\n`);
});

test('checks and waves of one’s own: what fails is gone on with in spite of it, or skipped all at once', async () => {
  await root('node1', 'touch /root/qd-not-here');
  await go(`#/c/lab/config/compare?path=${encodeURIComponent(path)}`);
  await page.getByRole('button', { name: /^Compare on 6 hosts/ }).click();
  await page.getByRole('button', { name: 'Edit this text for all of them' }).click();
  await page.getByLabel(`${path} on 6 hosts`).fill('workers = 12\n');
  await page
    .getByRole('group', { name: 'Waves' })
    .getByRole('combobox', { name: 'Waves', exact: true })
    .selectOption('own');
  await page.getByLabel('Sizes of the waves').fill('1, 2, 50 %');
  await page.getByLabel('Between waves').selectOption('0');
  await page.getByText(/^Checks: health, system, units active$/).click();
  await page.getByLabel('A command that exits with 0').fill('test "$(id -u)" = 0 && ! test -e /root/qd-not-here');
  await page.getByLabel('Ports that answer').fill('22');
  await page.getByText('Checks: health, system, units active, port 22, a command').waitFor();
  await page.getByRole('button', { name: 'Read the plan' }).click();
  await page.getByText(/^1, then 2, then 3/).waitFor();
  await page.getByRole('button', { name: 'Apply in stages to 6 hosts' }).click();
  const change = page.getByRole('region', { name: 'The change' });
  await change.getByText('paused', { exact: true }).waitFor({ timeout: 40_000 });
  await change.getByRole('button', { name: 'Skip 1 failed host' }).waitFor();
  await change.getByRole('button', { name: 'Resume in spite of 1 failure' }).click();
  await change.getByText('committed').first().waitFor({ timeout: 60_000 });
  await expect.poll(() => sum().textContent()).toBe('5 of 6 hosts');
  await change.getByRole('button', { name: /node1/ }).click();
  await page.getByText(/went on in spite of that/).waitFor();
  expect(await root('node2', `cat ${path}`)).toBe('workers = 12\n');
  await root('node1', 'rm /root/qd-not-here');
  await change.getByRole('button', { name: 'Retry the failed' }).click();
  await expect.poll(() => sum().textContent(), { timeout: 60_000 }).toBe('6 of 6 hosts');
  expect(await root('node1', `cat ${path}`)).toBe('workers = 12\n');
});

test('a host that somebody changes after the plan is merged into a change of its own, and the rest goes on', async () => {
  for (const name of hosts) await root(name, `printf 'a = 1\nb = 2\nc = 3\nd = 4\n' >${path}`);
  await edit('a = 9\nb = 2\nc = 3\nd = 4\n');
  await root('node1', `printf 'a = 1\nb = 2\nc = 3\nd = 7\n' >${path}`);
  await page.getByRole('button', { name: 'Apply in stages to 6 hosts' }).click();
  const change = page.getByRole('region', { name: 'The change' });
  await change.getByText('paused', { exact: true }).waitFor({ timeout: 40_000 });
  const address = await page.evaluate(() => location.hash);
  await change.getByRole('button', { name: /node1/ }).click();
  await page.getByRole('button', { name: 'Merge and plan again' }).click();
  const moved = page.getByRole('region', { name: 'Changed meanwhile on node1' });
  await moved.getByText(/since the plan was made/).waitFor();
  await moved.getByRole('button', { name: 'Use the joined text on 1 host' }).click();
  await page.getByRole('button', { name: 'Apply in stages to 1 host' }).click();
  await expect.poll(() => sum().textContent(), { timeout: 60_000 }).toBe('1 of 1 host');
  expect(await root('node1', `cat ${path}`)).toBe('a = 9\nb = 2\nc = 3\nd = 7\n');
  await go(address);
  await change.getByRole('button', { name: 'Resume' }).click();
  await change.getByText('committed').first().waitFor({ timeout: 60_000 });
  expect(await root('node2', `cat ${path}`)).toBe('a = 9\nb = 2\nc = 3\nd = 4\n');
});

test('an undo shows what it would restore against what somebody built on the change', async () => {
  const address = await page.evaluate(() => location.hash);
  await root('node5', `printf 'a = 9\nb = 2\nc = 3\nd = 8\n' >${path}`);
  await go(address);
  const change = page.getByRole('region', { name: 'The change' });
  await change.getByRole('button', { name: 'Undo it' }).click();
  const since = page.getByRole('region', { name: 'Moved on since' });
  const moved = since.getByRole('region', { name: 'Changed meanwhile on node5' });
  await moved.getByText(/since the change left it/).waitFor({ timeout: 20_000 });
  await moved.getByRole('button', { name: 'Their edit' }).click();
  await moved.getByText('d = 8').waitFor();
  await moved.getByRole('button', { name: 'Joined', exact: true }).click();
  await moved.getByText('a = 1').waitFor();
  // Looking alone changed nothing.
  expect(await root('node5', `cat ${path}`)).toBe('a = 9\nb = 2\nc = 3\nd = 8\n');
});

test('a console killed in mid-wave: another takes the change over and brings it to its end', async () => {
  for (const name of hosts) {
    await root(
      name,
      "printf '[Service]\\nExecStartPre=/bin/sleep 3\\n' >/run/qd-slow.conf; mkdir -p /run/systemd/system/qd-app.service.d; cp /run/qd-slow.conf /run/systemd/system/qd-app.service.d/slow.conf; systemctl daemon-reload",
    );
  }
  await edit('workers = 16\n');
  await page.getByRole('button', { name: 'Apply in stages to 6 hosts' }).click();
  await expect.poll(() => sum().textContent(), { timeout: 40_000 }).toContain('wave 2 of');
  const address = await page.evaluate(() => location.hash);
  running.process.kill('SIGKILL');
  await window.end();
  await running.end();
  await open();
  await go(address);
  const change = page.getByRole('region', { name: 'The change' });
  await change.getByText('nobody drives it now').waitFor({ timeout: 30_000 });
  await change.getByRole('button', { name: 'Take over' }).click();
  await expect.poll(() => sum().textContent(), { timeout: 120_000 }).toBe('6 of 6 hosts');
  await change.getByText('committed').first().waitFor();
  for (const name of hosts) {
    expect(await root(name, `cat ${path}; ls /var/lib/quarterdeck/changes`)).toBe('workers = 16\n');
    const id = address.split('/').at(-1) ?? '';
    const written = await root(name, `grep -c ' ${id} [0-9]* written ' /var/lib/quarterdeck/journal`);
    expect([name, Number(written)]).toEqual([name, 1]);
  }
});

test('a console frozen in mid-wave, which wakes after another took over, is refused and touches nothing', async () => {
  await edit('workers = 32\n');
  await page.getByRole('button', { name: 'Apply in stages to 6 hosts' }).click();
  await expect.poll(() => sum().textContent(), { timeout: 40_000 }).toContain('wave 2 of');
  const address = await page.evaluate(() => location.hash);
  const frozen = { running, window, page };
  frozen.running.process.kill('SIGSTOP');
  await open();
  try {
    await go(address);
    const change = page.getByRole('region', { name: 'The change' });
    await change.getByText('nobody drives it now').waitFor({ timeout: 30_000 });
    await change.getByRole('button', { name: 'Take over' }).click();
    await change.getByText(/driven by this console/).waitFor();
    frozen.running.process.kill('SIGCONT');
    const theirs = frozen.page.getByRole('region', { name: 'The change' });
    await theirs.getByText(/driven by (?!this console)/).waitFor({ timeout: 30_000 });
    await expect.poll(() => sum().textContent(), { timeout: 120_000 }).toBe('6 of 6 hosts');
    await theirs.getByText('committed').first().waitFor();
    for (const name of hosts) {
      expect(await root(name, `cat ${path}; ls /var/lib/quarterdeck/changes`)).toBe('workers = 32\n');
      const id = address.split('/').at(-1) ?? '';
      const written = await root(name, `grep -c ' ${id} [0-9]* written ' /var/lib/quarterdeck/journal`);
      expect([name, Number(written)]).toEqual([name, 1]);
    }
  } finally {
    frozen.running.process.kill('SIGCONT');
    await frozen.window.end();
    await frozen.running.end();
  }
});
