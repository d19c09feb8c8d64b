import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { goTo } from '#kit/demo-window.ts';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable } from '#kit/window.ts';

const reason = windowUnavailable();

/** Opens a place in a window of its own, of a console that has only just started and knows nothing yet. */
async function openCold(place: string, look: (page: Page) => Promise<void>): Promise<void> {
  skipUnless(reason === null, reason ?? '');
  const running = await startConsole({ words: ['--demo'] });
  const window = await openWindow(running.link());
  try {
    await goTo(window.page, place);
    await look(window.page);
    expect(window.complaints).toEqual([]);
  } finally {
    await window.end();
    await running.end();
  }
}

test('a file that is compared as the console starts is read on every host', async () => {
  const path = encodeURIComponent('/etc/flatcar/update.conf');
  await openCold(`config/compare?path=${path}`, async (page) => {
    const sum = page.getByTestId('config-sum');
    await sum.waitFor({ timeout: 60_000 });
    expect(await sum.innerText()).toBe('8 same · 6 differ · 10 missing');
  });
});

test('a roll-out that is looked at as the console starts takes along who is behind', async () => {
  await openCold('updates/canary/roll-out', async (page) => {
    const pane = page.getByRole('group', { name: 'Roll out' });
    await expect.poll(() => pane.innerText(), { timeout: 60_000 }).toMatch(/^3 hosts are taken along, 1 is there/);
    await page.getByRole('button', { name: 'Roll out to 3 hosts' }).waitFor({ timeout: 60_000 });
  });
});
