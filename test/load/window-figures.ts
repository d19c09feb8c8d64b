import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { RunningConsole } from '#kit/window.ts';

/** CPU seconds of a process with all its threads. */
export function cpuS(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The main loop's delays since this was asked last; the console must be started with `loop-delay.ts`. */
export async function loopDelay(running: RunningConsole): Promise<{ text: string; p99: number }> {
  const from = running.errors().length;
  running.process.kill('SIGUSR2');
  await sleep(300);
  const text = /LOOP (.*)/.exec(running.errors().slice(Math.max(0, from - 1)))?.[1] ?? 'not told';
  return { text: `${text} ms`, p99: Number(/p99 ([\d.]+)/.exec(text)?.[1] ?? Number.NaN) };
}

/** The main thread's heap in MiB after a collection; the console must be started with `loop-delay.ts`. */
export async function collectedHeapMiB(running: RunningConsole): Promise<number> {
  const from = running.errors().length;
  running.process.kill('SIGWINCH');
  await sleep(1500);
  return Number(/HEAP ([\d.]+)/.exec(running.errors().slice(Math.max(0, from - 1)))?.[1] ?? Number.NaN);
}

type Cdp = Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>;

/** CPU seconds of the page's main thread, of its scripts, and its heap; `Performance` must be enabled. */
export async function pageMetrics(client: Cdp): Promise<{ script: number; task: number; heapMiB: number }> {
  const { metrics } = await client.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { script: of('ScriptDuration'), task: of('TaskDuration'), heapMiB: of('JSHeapUsedSize') / 1_048_576 };
}

/** Frames drawn and long tasks since `watchFrames`. */
export interface Frames {
  count: number;
  longTasks: number;
  worstMs: number;
  /** The longest time without one. */
  worstGapMs: number;
  /** The longest frames and what they were made of, the longest first. */
  longest: LongFrame[];
}

/** A frame that took long; milliseconds by the clock. */
export interface LongFrame {
  /** Since `watchFrames`. */
  readonly atMs: number;
  readonly tookMs: number;
  readonly scriptMs: number;
  /** Styles and layout at the end of it, of which the painting is not told apart. */
  readonly drawMs: number;
}

/** Begins to count. */
export async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const frames: Frames = { count: 0, longTasks: 0, worstMs: 0, worstGapMs: 0, longest: [] };
    (globalThis as unknown as { quarterdeckFrames: Frames }).quarterdeckFrames = frames;
    const began = performance.now();
    let last = began;
    const next = (at: number) => {
      frames.count++;
      frames.worstGapMs = Math.max(frames.worstGapMs, at - last);
      last = at;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        frames.longTasks++;
        frames.worstMs = Math.max(frames.worstMs, duration);
      }
    }).observe({ entryTypes: ['longtask'] });
    type Told = PerformanceEntry & { styleAndLayoutStart: number; scripts: { duration: number }[] };
    new PerformanceObserver((list) => {
      for (const one of list.getEntries() as Told[]) {
        const { startTime, duration, styleAndLayoutStart, scripts } = one;
        frames.longest.push({
          atMs: startTime - began,
          tookMs: duration,
          scriptMs: scripts.reduce((sum, script) => sum + script.duration, 0),
          drawMs: styleAndLayoutStart > 0 ? startTime + duration - styleAndLayoutStart : 0,
        });
      }
      frames.longest.sort((a, b) => b.tookMs - a.tookMs).splice(5);
    }).observe({ entryTypes: ['long-animation-frame'] });
  });
}

/** The longest frames in words, one line. */
export function tellLongest({ longest }: Frames): string {
  const told = longest.map(
    ({ atMs, tookMs, scriptMs, drawMs }) =>
      `${tookMs.toFixed(0)} ms at ${(atMs / 1000).toFixed(1)} s (scripts ${scriptMs.toFixed(0)}, drawing ${drawMs.toFixed(0)})`,
  );
  return `longest frames: ${told.join(', ') || 'none over 50 ms'}`;
}

/** What was counted so far. */
export function readFrames(page: Page): Promise<Frames> {
  return page.evaluate(() => ({ ...(globalThis as unknown as { quarterdeckFrames: Frames }).quarterdeckFrames }));
}
