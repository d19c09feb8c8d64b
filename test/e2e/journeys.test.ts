import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { shownAt, stateChangedAt, watchWords } from '#kit/state-changed.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const reason = labUnavailable() ?? windowUnavailable();
let lab: Lab;
let running: RunningConsole;
let window: OpenWindow;
let page: Page;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab();
  running = await startConsole({
    clusters: { lab: labCluster(lab), watched: labCluster(lab, { mode: 'observe', etcd: false }) },
  });
  window = await openWindow(running.link());
  ({ page } = window);
  await go('#/c/lab/fleet');
  await page.getByText('4 of 4 hosts connected').waitFor({ timeout: 40_000 });
});
afterAll(async () => {
  await window?.end();
  await running?.end();
  await lab?.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

async function go(hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

function row(host: string) {
  return page.getByRole('row', { name: new RegExp(`\\b${host}\\b`) }).first();
}

/** Moves the focus by Tab until it is on what is called so. */
async function tabTo(name: RegExp): Promise<void> {
  for (let i = 0; i < 80; i++) {
    const text = await page.evaluate(() => document.activeElement?.textContent ?? '');
    if (name.test(text)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`nothing called ${name} can be reached with Tab`);
}

describe('a unit dies', () => {
  test('kill -9 shows within a second of systemd; it is restarted from the keyboard only, and both are on record', async () => {
    await go('#/c/lab/fleet');
    await row('node4').getByText('healthy').waitFor();
    const [, pid = ''] =
      /(\d+)/.exec((await lab.exec('node4', ['systemctl', 'show', '-P', 'MainPID', 'web.service'])).stdout) ?? [];
    await page.evaluate(watchWords, 'web.service is failed');
    await lab.exec('node4', ['kill', '-9', pid]);
    await row('node4')
      .getByText(/web\.service is failed/)
      .waitFor({ timeout: 5_000 });
    // The bench (test/load/latency.ts) holds it to a figure; a loaded test machine only to its order.
    const tookMs = (await page.evaluate(shownAt)) - (await stateChangedAt(lab, 'node4', 'web.service'));
    console.log(`failed by systemd's clock, to the window: ${tookMs.toFixed(0)} ms`);
    expect(tookMs).toBeLessThan(5_000);

    // From here on no mouse: fleet, the host, its units, the unit, Restart, confirm.
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'node4' }).waitFor();
    await page.keyboard.press('2');
    await page
      .getByRole('table', { name: /Units of node4/ })
      .or(page.getByRole('grid', { name: /Units of node4/ }))
      .waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('web.service');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Unit web.service' }).waitFor();
    await tabTo(/^(Start|Restart)$/);
    await page.keyboard.press('Enter');
    await page.getByText(/sudo systemctl (re)?start web\.service/).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/web\.service on node4/);
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => (await lab.exec('node4', ['systemctl', 'is-active', 'web.service'])).stdout.trim(), {
        timeout: 15_000,
      })
      .toBe('active');

    await go('#/c/lab/activity');
    await page
      .getByText(/sudo systemctl (re)?start web\.service/)
      .first()
      .waitFor({ timeout: 20_000 });
    const journal = await lab.exec('node4', ['journalctl', '-t', 'quarterdeck', '--no-pager', '-n', '5']);
    expect(journal.stdout).toContain('start web.service');
  });

  test('a unit that dies three seconds after its start is told as "started, then failed"', async () => {
    await go('#/c/lab/host/node4/units/flaky.service');
    const unit = page.getByRole('region', { name: 'Unit flaky.service' });
    await unit.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('button', { name: /Start flaky\.service on node4/ }).click();
    await unit
      .getByText(/started, then failed/i)
      .first()
      .waitFor({ timeout: 20_000 });
    expect((await lab.exec('node4', ['systemctl', 'is-failed', 'flaky.service'])).stdout.trim()).toBe('failed');
    await lab.exec('node4', ['systemctl', 'reset-failed', 'flaky.service']);
  });

  test('a unit of one host, asked of all: the button counts the hosts left out, and with nobody left it is not there', async () => {
    const text = '[Service]\nExecStart=sleep infinity\n';
    const write = `printf '%s' '${text}' > /run/systemd/system/only-here.service; systemctl daemon-reload`;
    await lab.exec('node4', ['sh', '-c', write]);
    await go('#/c/lab/fleet');
    await page.getByRole('grid').first().focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('u');
    const dialog = page.getByRole('dialog', { name: 'Act on a unit of 4 hosts' });
    await dialog.getByLabel('Unit', { exact: true }).fill('nowhere');
    await dialog.getByRole('button', { name: 'Show the plan' }).click();
    await dialog.getByText('there is no nowhere.service').waitFor();
    expect(await dialog.getByTestId('left-out').textContent()).toContain('Nothing to restart here');
    expect(await dialog.getByRole('button', { name: /^Restart nowhere/ }).count()).toBe(0);

    await dialog.getByLabel('Unit', { exact: true }).fill('only-here');
    await dialog.getByRole('button', { name: 'Show the plan' }).click();
    await dialog.getByRole('button', { name: 'Restart only-here.service on node4, 3 left out' }).click();
    await dialog.getByTestId('action-outcome').getByText('Left out: node1, node2 and node3').waitFor();
    await expect
      .poll(async () => (await lab.exec('node4', ['systemctl', 'is-active', 'only-here.service'])).stdout.trim())
      .toBe('active');
    await page.keyboard.press('Escape');
  });

  test('in observe mode there is no action to press', async () => {
    await go('#/c/watched/host/node4/units/web.service');
    const unit = page.getByRole('region', { name: 'Unit web.service' });
    await unit.getByText('Main process', { exact: true }).waitFor({ timeout: 30_000 });
    for (const name of ['Start', 'Stop', 'Restart', 'Reload', 'Enable', 'Disable']) {
      expect(await unit.getByRole('button', { name, exact: true }).count()).toBe(0);
    }
  });
});

describe('a host disappears', () => {
  test.each([
    ['its network is cut', (l: Lab) => l.partition('node3'), (l: Lab) => l.heal('node3')],
    ['it is frozen', (l: Lab) => l.pause('node3'), (l: Lab) => l.resume('node3')],
    ['its power is cut', (l: Lab) => l.kill('node3'), (l: Lab) => l.start('node3')],
  ])('%s: stale within five seconds in words, the others untouched, then wholly back', async (_how, away, back) => {
    await go('#/c/lab/fleet');
    await row('node3').getByText('healthy').waitFor({ timeout: 40_000 });
    await away(lab);
    try {
      await expect.poll(() => row('node3').getAttribute('data-stale'), { timeout: 6_000, interval: 100 }).toBe('true');
      await row('node3').getByText('unreachable').waitFor({ timeout: 40_000 });
      // Its last figures stay; what it is like now is said in words.
      expect(await row('node3').textContent()).toMatch(/\d+ %/);
      expect(await row('node1').textContent()).toContain('healthy');
    } finally {
      await back(lab);
    }
    await row('node3').getByText('healthy').waitFor({ timeout: 60_000 });
    await expect.poll(() => row('node3').getAttribute('data-stale'), { timeout: 5_000 }).toBe('false');
  });
});

describe('the pages of a host that disappears', () => {
  test('its units, the open one and its facts are dimmed, their clocks stand still, and all is live again after', async () => {
    // A time that is told in seconds, so that one that went on would be seen.
    await lab.exec('node3', ['systemctl', 'restart', 'web.service']);
    await go('#/c/lab/host/node3/units/web.service');
    const unit = page.getByRole('region', { name: 'Unit web.service' });
    const state = unit.getByTestId('unit-state');
    await expect.poll(() => state.textContent(), { timeout: 30_000 }).toMatch(/^active.*for \d+ s/);
    expect(await state.getAttribute('data-stale')).toBe('false');
    await lab.partition('node3');
    try {
      await expect.poll(() => state.getAttribute('data-stale'), { timeout: 6_000, interval: 100 }).toBe('true');
      await unit.getByText(/last seen \d+ s ago/).waitFor({ timeout: 1_000 });
      expect(await page.getByTestId('units-list').getAttribute('class')).toContain('not-live');
      const then = await state.textContent();
      await sleep(2_500);
      expect(await state.textContent()).toBe(then);
      await go('#/c/lab/host/node3/facts');
      await page.locator('.facts-columns.not-live').getByText('Machine id').waitFor({ timeout: 5_000 });
    } finally {
      await lab.heal('node3');
    }
    await page.locator('.facts-columns:not(.not-live)').getByText('Machine id').waitFor({ timeout: 60_000 });
    await go('#/c/lab/host/node3/units/web.service');
    await expect.poll(() => state.getAttribute('data-stale'), { timeout: 30_000 }).toBe('false');
  });
});

describe('a host whose disks hang', () => {
  test('its disk figures are dimmed with their age and the reason, while all else of it is live', async () => {
    // What a local file system that hangs does to the program which asks for its space.
    const stat = `#!/bin/sh\nexec sleep 600\n`;
    await go('#/c/lab/host/node4/facts');
    const mounts = page.getByRole('region', { name: 'File systems' });
    // The whole page, so that what stands there instead is told.
    await expect.poll(() => page.getByRole('main').innerText(), { timeout: 60_000 }).toMatch(/File systems\s+read /i);
    await go('#/c/lab/fleet');
    await lab.exec('node4', ['sh', '-c', `printf '%s' '${stat}' >/usr/local/bin/stat; chmod +x /usr/local/bin/stat`]);
    try {
      await sleep(5_500);
      await go('#/c/lab/host/node4/facts');
      const why = /disks not read for \d+ (s|min): the reading timed out after 20 s/;
      await mounts.getByText(why).waitFor({ timeout: 60_000 });
      expect(await mounts.locator('.not-live').count()).toBe(1);
      expect(await page.getByRole('region', { name: 'System', exact: true }).getAttribute('class')).toBe('card');
      await go('#/c/lab/host/node4/overview');
      await page.getByRole('region', { name: 'Now' }).getByText(why).waitFor();
    } finally {
      await lab.exec('node4', ['rm', '/usr/local/bin/stat']);
    }
    await go('#/c/lab/host/node4/connection');
    await page.getByRole('button', { name: 'Disable the connection' }).click();
    await page.getByRole('button', { name: 'Connect now' }).click();
    await go('#/c/lab/host/node4/facts');
    await mounts.getByText(/disks not read/).waitFor({ state: 'detached', timeout: 30_000 });
  });
});

describe('a host reboots', () => {
  test('it comes back by itself in its new boot, and the window says what was missed', async () => {
    await go('#/c/lab/host/node3/facts');
    const bootOf = () => lab.bootId('node3');
    const before = await bootOf();
    await page.getByText(before).first().waitFor();
    await lab.reboot('node3');
    const after = await bootOf();
    expect(after).not.toBe(before);
    await page.getByText(after).first().waitFor({ timeout: 60_000 });
    await go('#/c/lab/host/node3/connection');
    await page
      .getByText(/rebooted once/)
      .first()
      .waitFor({ timeout: 10_000 });
    await go('#/c/lab/fleet');
    await row('node3').getByText('healthy').waitFor({ timeout: 60_000 });
  });
});

describe('ask the fleet', () => {
  async function ask(command: string): Promise<void> {
    await go('#/c/lab/ask');
    await page.getByLabel('Command').fill(command);
    await page.keyboard.press('Control+Enter');
    await page.getByTestId('ask-summary').waitFor();
  }

  test('equal answers are folded and counted, a hung host is silent, its process is gone', async () => {
    await ask(
      'if [ "$(hostname)" = node2 ]; then exec sleep 654; fi; if [ "$(hostname)" = node3 ]; then echo other; else echo same; fi',
    );
    await expect
      .poll(() => page.getByTestId('ask-summary').textContent(), { timeout: 40_000 })
      .toMatch(/2 same.*1 differ.*1 silent/);
    await sleep(500);
    expect((await lab.exec('node2', ['pgrep', '-f', '^sleep 654'])).stdout.trim()).toBe('');
  });

  test('100 MB, escape sequences, HTML and invalid UTF-8 neither freeze nor restyle the window', async () => {
    await page.evaluate(() => {
      const frames = { worstMs: 0, last: performance.now() };
      (globalThis as unknown as { quarterdeckFrames: typeof frames }).quarterdeckFrames = frames;
      const next = () => {
        const now = performance.now();
        frames.worstMs = Math.max(frames.worstMs, now - frames.last);
        frames.last = now;
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    });
    await ask(
      'if [ "$(hostname)" = node1 ]; then head -c 100000000 /dev/zero | tr "\\0" x; else printf "\\033[31m\\033]0;owned\\007<img src=x onerror=alert(1)><b>bold</b>\\377\\n"; fi',
    );
    await expect.poll(() => page.getByTestId('ask-group').count(), { timeout: 40_000 }).toBe(2);
    await page.getByTestId('ask-group').filter({ hasText: '3 hosts' }).click();
    const output = page.getByRole('region', { name: 'Output' });
    await output
      .getByText(/␛\[31m/)
      .first()
      .waitFor();
    expect(await output.locator('img').count()).toBe(0);
    expect(await output.textContent()).toContain('<img src=x onerror=alert(1)><b>bold</b>');
    expect(await page.title()).not.toContain('owned');
    const worstMs = await page.evaluate(
      () => (globalThis as unknown as { quarterdeckFrames: { worstMs: number } }).quarterdeckFrames.worstMs,
    );
    console.log(`longest frame while 100 MB came: ${worstMs.toFixed(0)} ms`);
    expect(worstMs).toBeLessThan(3_000);
  });

  test('cancel ends the remote processes', async () => {
    await ask('sleep 765');
    await page.getByRole('button', { name: /^Cancel on/ }).click();
    await page.getByText('cancelled').first().waitFor();
    await expect
      .poll(async () => (await lab.exec('node1', ['pgrep', '-f', '^sleep 765'])).stdout.trim(), { timeout: 5_000 })
      .toBe('');
  });
});

describe('the window itself', () => {
  test('a reload comes back to the same place; a console that dies is said so', async () => {
    await go('#/c/lab/host/node1/facts');
    await page.reload();
    await page.getByRole('heading', { name: 'node1' }).waitFor({ timeout: 15_000 });
    expect(page.url()).toContain('#/c/lab/host/node1/facts');
    expect(window.complaints).toEqual([]);
    running.process.kill('SIGKILL');
    await page.getByText(/No connection to the console for/).waitFor({ timeout: 10_000 });
  });
});
