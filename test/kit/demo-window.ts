import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { skipUnless } from './skip.ts';
import {
  openWindow,
  startConsole,
  windowUnavailable,
  type OpenWindow,
  type RunningConsole,
  type WindowOptions,
} from './window.ts';

export interface DemoWindow extends OpenWindow {
  readonly running: RunningConsole;
}

/**
 * Before the tests of a file, opens the demo's fleet in a window and waits until its hosts are connected; ends both after.
 * Where no window can be opened, the tests are skipped with the reason.
 */
export function withDemoFleet(opened: (demo: DemoWindow) => void, options: WindowOptions = {}): void {
  const reason = windowUnavailable();
  let running: RunningConsole | null = null;
  let window: OpenWindow | null = null;
  beforeAll(async () => {
    if (reason) return;
    running = await startConsole({ words: ['--demo'] });
    window = await openWindow(running.link(), options);
    opened({ ...window, running });
    await window.page.getByText(/2[234] of 24 hosts connected/).waitFor({ timeout: 60_000 });
  });
  afterAll(async () => {
    await window?.end();
    await running?.end();
  });
  beforeEach(() => skipUnless(reason === null, reason ?? ''));
}

/** Goes to a view of the cluster that a page is in, or opens, by its address: `config/matrix?path=…`. */
export async function goTo(page: Page, view: string): Promise<void> {
  await page.waitForURL(/#\/c\/[^/?]+\//);
  await page.evaluate((place) => {
    const [cluster = ''] = /^#\/c\/[^/?]+\//.exec(location.hash) ?? [];
    location.hash = cluster + place;
  }, view);
}

/** The rows of the fleet's table that are hosts of the demo. */
export function demoHosts(page: Page): Locator {
  return page.getByRole('grid', { name: 'Hosts' }).getByRole('row', { name: /^[a-z]+-[abc]\d/ });
}

/** Shows the fleet's hosts that fit a filter, and waits for one. */
export async function filterFleet(page: Page, filter: string): Promise<void> {
  await goTo(page, `fleet?q=${encodeURIComponent(filter)}`);
  await expect.poll(() => demoHosts(page).count(), { timeout: 60_000 }).toBeGreaterThan(0);
}

/** Opens the Updates tab of the first host that fits a filter. */
export async function openUpdatesOf(page: Page, filter: string): Promise<void> {
  await filterFleet(page, filter);
  await demoHosts(page).first().getByRole('link').click();
  await openUpdatesTab(page);
}

/** From a host's page to its Updates tab. */
export async function openUpdatesTab(page: Page): Promise<void> {
  await page
    .getByRole('navigation', { name: /^Parts of/ })
    .getByRole('link', { name: 'Updates' })
    .click();
}
