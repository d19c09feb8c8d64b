/**
 * Many simulated hosts live in the window: start-up, CPU, memory, frames, loop delays.
 * Usage: npm run load -- fleet [--hosts 1000] [--seconds 60]  (the bar for the simulator needs --hosts 2000, that for the heap --minutes 10).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openWindow, startConsole, type RunningConsole } from '#kit/window.ts';
import { bar, memoryMiB } from './measure.ts';
import { loadOptions } from './options.ts';

const { hosts, seconds } = loadOptions({ hosts: 1000, seconds: 60 });
const here = import.meta.dirname;

const dir = await mkdtemp(join(tmpdir(), 'qd-fleet-'));
const simulator = spawn(process.execPath, [join(here, 'demo-process.ts'), String(hosts), join(dir, 'demo')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
try {
  const [line] = (await once(simulator.stdout, 'data')) as [Buffer];
  const clusters = dirname(line.toString().trim());
  const started = performance.now();
  const running = await startConsole({
    words: ['--config-dir', clusters],
    built: true,
    env: { NODE_OPTIONS: `--import=${join(here, 'loop-delay.ts')}` },
  });
  try {
    await measure(running, simulator.pid ?? 0, started);
  } finally {
    await running.end();
  }
} finally {
  simulator.stdin.end();
  await once(simulator, 'exit');
  await rm(dir, { recursive: true, force: true });
}

async function measure(running: RunningConsole, simulatorPid: number, started: number): Promise<void> {
  const window = await openWindow(running.link(), { width: 1920, height: 1080 });
  const { page } = window;
  const corePid = running.process.pid ?? 0;
  await page.evaluate(() => {
    location.hash = '#/c/demo/fleet';
  });
  // A few simulated hosts are off the network at any time, as in life.
  const mostUp = (count: number) => {
    const [, up = '0'] = /(\d[\d,]*) of [\d,]+ hosts connected/.exec(document.body.innerText) ?? [];
    return Number(up.replaceAll(',', '')) >= count * 0.98;
  };
  await page.waitForFunction(mostUp, hosts, { timeout: 180_000, polling: 250 });
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

/** CPU seconds of a process with all its threads. */
function cpuS(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function loopDelay(running: RunningConsole): Promise<{ text: string; p99: number }> {
  const from = running.errors().length;
  running.process.kill('SIGUSR2');
  await sleep(300);
  const text = /LOOP (.*)/.exec(running.errors().slice(Math.max(0, from - 1)))?.[1] ?? 'not told';
  return { text: `${text} ms`, p99: Number(/p99 ([\d.]+)/.exec(text)?.[1] ?? Number.NaN) };
}

type Cdp = Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>;

async function pageMetrics(client: Cdp): Promise<{ script: number; task: number; heapMiB: number }> {
  const { metrics } = await client.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { script: of('ScriptDuration'), task: of('TaskDuration'), heapMiB: of('JSHeapUsedSize') / 1_048_576 };
}

interface Frames {
  count: number;
  longTasks: number;
  worstMs: number;
}

async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const frames = { count: 0, longTasks: 0, worstMs: 0 };
    (globalThis as unknown as { quarterdeckFrames: Frames }).quarterdeckFrames = frames;
    const next = () => {
      frames.count++;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        frames.longTasks++;
        frames.worstMs = Math.max(frames.worstMs, duration);
      }
    }).observe({ entryTypes: ['longtask'] });
  });
}

function readFrames(page: Page): Promise<Frames> {
  return page.evaluate(() => ({ ...(globalThis as unknown as { quarterdeckFrames: Frames }).quarterdeckFrames }));
}

async function scrollFleet(page: Page): Promise<void> {
  await page.mouse.move(960, 600);
  for (let i = 0; i < 100; i++) {
    await page.mouse.wheel(0, i < 50 ? 240 : -240);
    await sleep(50);
  }
}
