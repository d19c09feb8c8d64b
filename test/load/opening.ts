/**
 * A cluster of many simulated hosts, opened again and again in one window while the hosts live: how long its tasks are.
 * Usage: npm run load -- opening [--hosts 500] [--times 8].
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openWindow } from '#kit/window.ts';
import { bar, percentile } from './measure.ts';
import { loadOptions } from './options.ts';
import { secondView } from './second-view.ts';
import { type SimulatedConsole, startSimulatedConsole, untilMostUp } from './simulated-console.ts';
import { type MainThread, mainThreadOf } from './window-tasks.ts';

const { hosts, times } = loadOptions({ hosts: 500, times: 8 });

const simulated = await startSimulatedConsole(hosts);
try {
  // Keeps the cluster open while the window looks elsewhere, so that each opening is told of all hosts at once.
  const view = await secondView(simulated.running);
  await measure(simulated).finally(() => view.end());
} finally {
  await simulated.end();
}

async function measure({ running }: SimulatedConsole): Promise<void> {
  const window = await openWindow(running.link(), { width: 1920, height: 1080 });
  const { page, browser } = window;
  await untilMostUp(page, hosts);
  // Facts, disks and units of all hosts are read by then.
  await sleep(10_000);
  const found: MainThread[] = [];
  for (let time = 0; time < times; time++) {
    await lookElsewhere(page);
    found.push(await mainThreadOf(browser, page, () => openFleet(page)));
  }
  const each = (of: (thread: MainThread) => number) => found.map((thread) => of(thread).toFixed(0)).join(' ');
  const middle = (of: (thread: MainThread) => number) => percentile(found.map(of), 0.5);
  console.log(`\n${hosts} simulated hosts, opened ${times} times at 1920×1080`);
  console.log(`longest task, ms of CPU: ${each(({ longestCpuMs }) => longestCpuMs)}`);
  console.log(`longest task, ms by the clock: ${each(({ longestMs }) => longestMs)}`);
  console.log(`tasks over 50 ms by the clock: ${each(({ long }) => long)}`);
  console.log(`main thread, ms of CPU in all: ${each(({ cpuMs }) => cpuMs)}`);
  console.log(`from asking to the rows drawn, ms: ${each(({ tookMs }) => tookMs)}\n`);
  bar(
    'longest task of an opening, ms of CPU (middle of all)',
    middle(({ longestCpuMs }) => longestCpuMs),
    100,
    'at most',
  );
  bar(
    'longest task of an opening, ms (middle of all)',
    middle(({ longestMs }) => longestMs),
    100,
    'at most',
  );
  await window.end();
}

/** A cluster that is not there: the window then holds no host. */
async function lookElsewhere(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/c/elsewhere/fleet';
  });
  await page.getByText('elsewhere').first().waitFor();
  await page.waitForFunction(() => document.querySelector('[role="row"]') === null);
  await sleep(1000);
}

async function openFleet(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/c/demo/fleet';
  });
  await page.locator('[role="row"][aria-label]').nth(10).waitFor();
}
