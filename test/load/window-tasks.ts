import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';

/** What a page's main thread did while something was done in it. */
export interface MainThread {
  /** Until the work itself resolved. */
  readonly tookMs: number;
  readonly cpuMs: number;
  readonly longestMs: number;
  /** The longest by CPU, which a busy machine does not lengthen. */
  readonly longestCpuMs: number;
  /** Tasks over 50 ms by the clock. */
  readonly long: number;
}

const event = z.object({
  name: z.string(),
  pid: z.number(),
  tid: z.number(),
  /** Microseconds by the clock, and of the thread's CPU. */
  dur: z.number().default(0),
  tdur: z.number().default(0),
});

/** Does `work` and half a second more, with every task of the page's main thread counted. */
export async function mainThreadOf(browser: Browser, page: Page, work: () => Promise<void>): Promise<MainThread> {
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  const from = performance.now();
  await work();
  const tookMs = performance.now() - from;
  await sleep(500);
  const trace: unknown = JSON.parse((await browser.stopTracing()).toString('utf8'));
  const { traceEvents } = z.object({ traceEvents: z.array(z.unknown()) }).parse(trace);
  const tasks = traceEvents.flatMap((one) => {
    const read = event.safeParse(one);
    return read.success && read.data.name === 'RunTask' ? [read.data] : [];
  });
  // Other threads tell their tasks, too; the page's main thread is the one that works most.
  const threads = [...Map.groupBy(tasks, ({ pid, tid }) => `${pid} ${tid}`).values()].map((its) => {
    const sum = its.reduce((total, { tdur }) => total + tdur, 0);
    return { its, sum };
  });
  const { its, sum } = threads.reduce((most, one) => (one.sum > most.sum ? one : most), { its: [], sum: 0 });
  return {
    tookMs,
    cpuMs: sum / 1000,
    longestMs: Math.max(0, ...its.map(({ dur }) => dur / 1000)),
    longestCpuMs: Math.max(0, ...its.map(({ tdur }) => tdur / 1000)),
    long: its.filter(({ dur }) => dur > 50_000).length,
  };
}

/** The same of all that a page does until it is stopped, in parts of 15 s; what falls between two parts is not seen. */
export function watchMainThread(browser: Browser, page: Page): { stop: () => Promise<MainThread> } {
  const ended = new AbortController();
  const watching = (async () => {
    const parts: MainThread[] = [];
    while (!ended.signal.aborted)
      parts.push(
        await mainThreadOf(browser, page, () => sleep(15_000, undefined, { signal: ended.signal }).catch(() => {})),
      );
    return parts;
  })();
  return {
    stop: async () => {
      ended.abort();
      const parts = await watching;
      const sum = (of: (part: MainThread) => number) => parts.reduce((total, part) => total + of(part), 0);
      return {
        tookMs: sum(({ tookMs }) => tookMs),
        cpuMs: sum(({ cpuMs }) => cpuMs),
        longestMs: Math.max(...parts.map(({ longestMs }) => longestMs)),
        longestCpuMs: Math.max(...parts.map(({ longestCpuMs }) => longestCpuMs)),
        long: sum(({ long }) => long),
      };
    },
  };
}
