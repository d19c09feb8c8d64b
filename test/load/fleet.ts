/**
 * Many simulated hosts live in the window: start-up, CPU, memory, frames, loop delays.
 * Usage: npm run load -- fleet [--hosts 1000] [--seconds 60]  (the bar for the simulator needs --hosts 2000, that for the heap --minutes 10).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openWindow } from '#kit/window.ts';
import { bar, memoryMiB } from './measure.ts';
import { loadOptions } from './options.ts';
import { type SimulatedConsole, startSimulatedConsole, untilMostUp } from './simulated-console.ts';
import { cpuS, loopDelay, pageMetrics, readFrames, watchFrames } from './window-figures.ts';

const { hosts, seconds } = loadOptions({ hosts: 1000, seconds: 60 });

const simulated = await startSimulatedConsole(hosts);
try {
  await measure(simulated);
} finally {
  await simulated.end();
}

async function measure({ running, simulatorPid, started }: SimulatedConsole): Promise<void> {
  const window = await openWindow(running.link(), { width: 1920, height: 1080 });
  const { page } = window;
  const corePid = running.process.pid ?? 0;
  await untilMostUp(page, hosts);
  const upS = (performance.now() - started) / 1000;
  const connecting = await loopDelay(running);
  console.log(`\n${hosts} simulated hosts, window open at 1920×1080`);
  console.log(
    `from start of the console to all up: ${upS.toFixed(1)} s; main loop while connecting: ${connecting.text}`,
  );
  await sleep(10_000);
  await watchFrames(page);
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = {
    core: cpuS(corePid),
    simulator: cpuS(simulatorPid),
    page: await pageMetrics(client),
    at: performance.now(),
  };
  await loopDelay(running);
  await sleep(seconds * 1000);
  const took = (performance.now() - before.at) / 1000;
  const page1 = await pageMetrics(client);
  const frames = await readFrames(page);
  const live = await loopDelay(running);
  const core = ((cpuS(corePid) - before.core) / took) * 100;
  const simulatorCpu = ((cpuS(simulatorPid) - before.simulator) / took) * 100;
  const memory = memoryMiB(corePid);
  console.log(`core: ${core.toFixed(1)} % of a core, RSS ${memory.rss.toFixed(0)} MiB, main loop ${live.text}`);
  console.log(`simulator: ${simulatorCpu.toFixed(1)} % of a core, RSS ${memoryMiB(simulatorPid).rss.toFixed(0)} MiB`);
  console.log(
    `window: script ${(((page1.script - before.page.script) / took) * 100).toFixed(1)} %, main thread ${(((page1.task - before.page.task) / took) * 100).toFixed(1)} % of a core; ${(frames.count / took).toFixed(1)} fps; ${frames.longTasks} long tasks, worst ${frames.worstMs.toFixed(0)} ms`,
  );
  await client.send('HeapProfiler.collectGarbage');
  const heap = (await pageMetrics(client)).heapMiB;
  console.log(
    `window heap after ${took.toFixed(0)} s and a collection: ${heap.toFixed(1)} MiB (before: ${before.page.heapMiB.toFixed(1)} with garbage)`,
  );
  await scrollFleet(page);
  const scrolling = await readFrames(page);
  console.log(
    `scrolling 5 s: ${scrolling.longTasks - frames.longTasks} long tasks, ${((scrolling.count - frames.count) / 5).toFixed(1)} fps`,
  );
  console.log('');
  if (hosts <= 1000) {
    bar('core CPU, % of a core', core, 15, 'at most');
    bar('core RSS, MiB', memory.rss, 300, 'at most');
  }
  bar('main loop p99 while connecting, ms', connecting.p99, 50, 'at most');
  // Ours: with these nobody sees a stutter, neither of a live fleet nor while scrolling.
  bar('window, frames a second', frames.count / took, 50, 'at least');
  bar('window, long tasks a minute', (frames.longTasks / took) * 60, 6, 'at most');
  bar('window while scrolling, frames a second', (scrolling.count - frames.count) / 5, 30, 'at least');
  bar('window heap, MiB', heap, 100, 'at most');
  if (hosts >= 2000) bar('simulator CPU, % of a core', simulatorCpu, 10, 'at most');
  await window.end();
}

async function scrollFleet(page: Page): Promise<void> {
  await page.mouse.move(960, 600);
  for (let i = 0; i < 100; i++) {
    await page.mouse.wheel(0, i < 50 ? 240 : -240);
    await sleep(50);
  }
}
