/**
 * A staged change of one line on many simulated hosts, through the whole engine - plan, journal in etcd, claims, validators,
 * gates, waves, the timer on each host, confirmation - with the window open on it; then the same once more, which touches nothing.
 * Usage: npm run load -- change [--hosts 1000].
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChangePlan, defaultWaves } from '#shared/contract/change.ts';
import type { TestView } from '#kit/view.ts';
import { openWindow, type OpenWindow, type RunningConsole } from '#kit/window.ts';
import { bar, memoryMiB } from './measure.ts';
import { loadOptions } from './options.ts';
import { secondView } from './second-view.ts';
import { type SimulatedConsole, startSimulatedConsole, untilMostUp } from './simulated-console.ts';
import { cpuS, loopDelay, pageMetrics, readFrames, watchFrames } from './window-figures.ts';

const { hosts: count } = loadOptions({ hosts: 1000 });
const path = '/etc/quarterdeck-load.conf';
const text = (workers: number) => `# Fleet settings\nworkers = ${workers}\nlisten = 0.0.0.0:8080\n`;
const withinMs = 900_000;

const simulated = await startSimulatedConsole(count);
try {
  await measure(simulated);
} finally {
  await simulated.end();
}

async function measure({ running, simulatorPid }: SimulatedConsole): Promise<void> {
  const window = await openWindow(running.link(), { width: 1920, height: 1080 });
  await untilMostUp(window.page, count);
  const view = await secondView(running);
  try {
    const hosts = await upHosts(view);
    // The file is there before it is changed, as in life; all hosts at once, nothing is measured yet.
    await apply(view, await plan(view, hosts, text(4), true));
    await watchFrames(window.page);
    console.log(`\nOne line of one file on ${hosts.length} simulated hosts, window open at 1920×1080`);
    for (const [what, inWaves] of [
      ['all at once', false],
      ['canary, 10 %, half, all', true],
    ] as const) {
      const workers = inWaves ? 16 : 8;
      await oneChange({ running, simulatorPid, window, view, hosts, what, inWaves, workers });
    }
    const again = await plan(view, hosts, text(16), true);
    if (again.unchanged.length < hosts.length * 0.97)
      throw new Error(`a second time ${again.waves.flat().length} hosts have a step`);
    console.log(`a second time: nothing to do on ${again.unchanged.length} hosts`);
  } finally {
    view.end();
    await window.end();
  }
}

interface OneChange {
  readonly running: RunningConsole;
  readonly simulatorPid: number;
  readonly window: OpenWindow;
  readonly view: TestView;
  readonly hosts: readonly string[];
  readonly what: string;
  readonly inWaves: boolean;
  readonly workers: number;
}

async function oneChange({ running, simulatorPid, window, view, hosts, what, inWaves, workers }: OneChange) {
  const { page } = window;
  const corePid = running.process.pid ?? 0;
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const plannedAt = performance.now();
  const made = await plan(view, hosts, text(workers), inWaves);
  const planMs = performance.now() - plannedAt;
  await page.evaluate((id) => {
    location.hash = `#/c/demo/changes/${id}`;
  }, made.id);
  await loopDelay(running);
  const before = {
    core: cpuS(corePid),
    simulator: cpuS(simulatorPid),
    frames: await readFrames(page),
    page: await pageMetrics(client),
  };
  const started = performance.now();
  await apply(view, made);
  const tookS = (performance.now() - started) / 1000;
  await sleep(500);
  const frames = await readFrames(page);
  const loop = await loopDelay(running);
  const pageNow = await pageMetrics(client);
  await client.detach();
  const coreS = cpuS(corePid) - before.core;
  const fps = (frames.count - before.frames.count) / (tookS + 0.5);
  const longTasks = frames.longTasks - before.frames.longTasks;
  console.log(
    `${what}: plan ${(planMs / 1000).toFixed(1)} s, change ${tookS.toFixed(1)} s; core ${coreS.toFixed(1)} s CPU (${((coreS / hosts.length) * 1000).toFixed(1)} ms a host), RSS ${memoryMiB(corePid).rss.toFixed(0)} MiB, main loop ${loop.text}; simulator ${(cpuS(simulatorPid) - before.simulator).toFixed(1)} s CPU`,
  );
  console.log(
    `  window: ${fps.toFixed(1)} fps, ${longTasks} long tasks, worst ${frames.worstMs.toFixed(0)} ms, heap ${pageNow.heapMiB.toFixed(1)} MiB; script ${(pageNow.script - before.page.script).toFixed(2)} s, main thread ${(pageNow.task - before.page.task).toFixed(2)} s of CPU`,
  );
  bar(`${what}: window, frames a second`, fps, 50, 'at least');
  bar(`${what}: longest task of the window, ms`, frames.worstMs, 100, 'at most');
}

async function upHosts(view: TestView): Promise<string[]> {
  await view.until('cluster', '', 'journal', ({ problem }) => problem === null, 60_000);
  for (let last = -1; ; await sleep(1000)) {
    const all = [...view.replica.store.getState().records.host];
    const up = all.filter(([, { link, facts }]) => link?.state === 'up' && facts).map(([host]) => host);
    if (up.length === last && up.length > count * 0.97) return up;
    last = up.length;
  }
}

function plan(view: TestView, hosts: readonly string[], content: string, inWaves: boolean): Promise<ChangePlan> {
  const file = { path, content, mode: null, owner: null, seen: null };
  const validator = { name: 'grep', when: 'staged' as const, path, command: `grep -q '^workers = [0-9]*$' "$1"` };
  const part = { hosts: [...hosts], files: [file], actions: [], validators: [validator], gates: [] };
  const policy = {
    ...defaultWaves,
    ...(inWaves ? {} : { waves: [] }),
    soakS: 0,
    // Simulated hosts go away now and then, as real ones do: that is not what is measured.
    failureBudget: hosts.length,
    maxUnavailable: inWaves ? defaultWaves.maxUnavailable : 200,
    confirmOver: 'open-connection' as const,
  };
  const draft = { title: 'Workers', parts: [part], policy };
  return view.link.call('change.plan', { draft, password: null });
}

async function apply(view: TestView, made: ChangePlan): Promise<void> {
  await view.link.call('change.propose', { plan: made });
  await view.until('change', made.id, 'progress', ({ state }) => state === 'planned', 30_000);
  await view.link.call('change.act', { id: made.id, verb: 'start', host: null, password: null });
  const over = ({ state }: { state: string }) => state !== 'planned' && state !== 'running';
  const { state, text: why } = await view.until('change', made.id, 'progress', over, withinMs);
  if (state !== 'committed') throw new Error(`the change is ${state}: ${why}`);
  const told = view.record('change', made.id)?.hosts ?? [];
  const good = told.filter((one) => one.state === 'done' || one.state === 'unchanged').length;
  if (good < made.waves.flat().length * 0.97) throw new Error(`only ${good} of ${told.length} hosts have it`);
}
