/**
 * A roll-out over many simulated hosts - updates where something newer is offered, else a reboot - in waves, started in the
 * window and followed there to its end. Nothing else befalls the hosts, and they tell by themselves when they go and come.
 * Usage: npm run load -- rollout [--hosts 500] [--waves 5] [--at-once 25] [--soak 2] [--download 20].
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangePlan } from '#shared/contract/change.ts';
import type { TestView } from '#kit/view.ts';
import { openWindow, type OpenWindow } from '#kit/window.ts';
import { type CalmConsole, startCalmConsole } from './calm-console.ts';
import { journalFigures } from './journal-figures.ts';
import { bar, memoryMiB } from './measure.ts';
import { loadOptions } from './options.ts';
import { readAgents, wholeFleet } from './rollout-draft.ts';
import { disorder, mostDown } from './rollout-order.ts';
import { secondView } from './second-view.ts';
import {
  collectedHeapMiB,
  cpuS,
  loopDelay,
  pageMetrics,
  readFrames,
  tellLongest,
  watchFrames,
} from './window-figures.ts';
import { watchMainThread } from './window-tasks.ts';

const options = loadOptions({ hosts: 500, waves: 5, 'at-once': 25, soak: 2, download: 20 });
const { hosts: count, 'at-once': atOnce } = options;
const withinMs = 3_600_000;

const fleet = await startCalmConsole(count, options.download);
try {
  const window = await openWindow(fleet.running.link(), { width: 1920, height: 1080 });
  const view = await secondView(fleet.running);
  try {
    await measure(fleet, window, view);
  } finally {
    view.end();
    await window.end();
  }
} finally {
  await fleet.end();
}

async function measure(
  { running, simulatorPid, moves, etcd }: CalmConsole,
  { browser, page }: OpenWindow,
  view: TestView,
) {
  const corePid = running.process.pid ?? 0;
  const agents = await readAgents(view, count);
  const plannedAt = performance.now();
  const draft = wholeFleet(agents, { waves: options.waves, atOnce, soakS: options.soak });
  const plan = await view.link.call('change.plan', { draft, password: null });
  const planS = (performance.now() - plannedAt) / 1000;
  tellPlan(plan, planS);
  await view.link.call('change.propose', { plan });
  await page.evaluate((id) => {
    location.hash = `#/c/demo/changes/${id}`;
  }, plan.id);
  const start = page.getByRole('button', { name: 'Start the change' });
  await start.waitFor({ timeout: 60_000 });
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  await client.send('HeapProfiler.collectGarbage');
  const heapBefore = await collectedHeapMiB(running);
  const before = { rss: memoryMiB(corePid).rss, core: cpuS(corePid), page: await pageMetrics(client) };
  const journalBefore = await journalFigures(etcd, plan.id);
  await loopDelay(running);
  await watchFrames(page);
  const movesBefore = moves.length;
  let mostRss = before.rss;
  let mostLinks = 0;
  const looking = setInterval(() => {
    mostRss = Math.max(mostRss, memoryMiB(corePid).rss);
    const { host: records } = view.replica.store.getState().records;
    mostLinks = Math.max(mostLinks, [...records.values()].filter(({ link }) => link?.state !== 'up').length);
  }, 500);
  const tasks = watchMainThread(browser, page);
  const started = performance.now();
  await start.click();
  const over = ({ state }: { state: string }) => state !== 'planned' && state !== 'running';
  const told = setInterval(() => tellHalfWay(view, plan.id, started), 30_000);
  const { state, text } = await view.until('change', plan.id, 'progress', over, withinMs).finally(() => {
    clearInterval(looking);
    clearInterval(told);
  });
  const tookS = (performance.now() - started) / 1000;
  await sleep(1000);
  const frames = await readFrames(page);
  const thread = await tasks.stop();
  const loop = await loopDelay(running);
  const used = { core: cpuS(corePid) - before.core, page: await pageMetrics(client) };
  const rss = memoryMiB(corePid).rss;
  const heap = await collectedHeapMiB(running);
  await client.send('HeapProfiler.collectGarbage');
  const windowHeap = (await pageMetrics(client)).heapMiB;
  const journal = await journalFigures(etcd, plan.id);
  const { hosts } = await view.link.call('change.read', { id: plan.id });
  const moved = moves.slice(movesBefore);
  const down = mostDown(moved);
  const wrong = disorder(hosts, moved, packageHosts(plan));
  const fps = frames.count / (tookS + 1);
  console.log(`\n${state} after ${tookS.toFixed(1)} s: ${text || 'nothing said'}`);
  for (const [what, its] of Map.groupBy(hosts, ({ state, text: why }) => `${state}${why === '' ? '' : `: ${why}`}`)) {
    const [first] = its;
    const lastWords = first?.evidence.slice(-4).map(({ step, text: said }) => `${step}: ${said.slice(0, 120)}`) ?? [];
    console.log(`  ${its.length} ${what} (${first?.host} and so on; ${lastWords.join(' | ')})`);
  }
  console.log(
    `core: ${used.core.toFixed(1)} s CPU, RSS ${before.rss.toFixed(0)} MiB before, ${mostRss.toFixed(0)} at most, ${rss.toFixed(0)} after; heap after a collection ${heapBefore.toFixed(1)} MiB before, ${heap.toFixed(1)} after; main loop ${loop.text}`,
  );
  console.log(
    `window: ${fps.toFixed(1)} fps, longest without a frame ${frames.worstGapMs.toFixed(0)} ms, ${frames.longTasks} long tasks, worst ${frames.worstMs.toFixed(0)} ms (the longest by CPU ${thread.longestCpuMs.toFixed(0)} ms); main thread ${(used.page.task - before.page.task).toFixed(1)} s; heap ${before.page.heapMiB.toFixed(1)} MiB before, ${windowHeap.toFixed(1)} after`,
  );
  console.log(tellLongest(frames));
  console.log(
    `journal: ${(journal.bytes / 1024).toFixed(0)} KiB in ${journal.keys} keys (${(journalBefore.bytes / 1024).toFixed(0)} as it was planned), ${journal.revision - journalBefore.revision} writes to etcd; simulator ${cpuS(simulatorPid).toFixed(0)} s CPU in all`,
  );
  console.log(`down at once: ${down} by the hosts themselves, ${mostLinks} links not up; at most ${atOnce} may be`);
  console.log(wrong.length === 0 ? 'order: held' : `order: ${wrong.length} wrong, ${wrong.slice(0, 5).join('; ')}\n`);
  const good = hosts.filter((one) => one.state === 'done').length;
  bar('hosts that are done, % of those in the plan', (good / hosts.length) * 100, 97, 'at least');
  bar('hosts down at once', down, atOnce, 'at most');
  bar('hosts out of order', wrong.length, 0, 'at most');
  bar('window, frames a second', fps, 50, 'at least');
  // By CPU: where the hosts are simulated on the same two cores, a task of a few milliseconds may wait a hundred for one.
  bar('longest task of the window, ms of CPU', thread.longestCpuMs, 100, 'at most');
  bar('main loop p99, ms', loop.p99, 50, 'at most');
  bar('heap of the core that stayed, MiB', heap - heapBefore, 30, 'at most');
  if (state !== 'committed') process.exitCode = 1;
}

/** Those whose packages are updated: whether that needs a boot only the host knows. */
function packageHosts({ steps }: ChangePlan): Set<string> {
  return new Set(
    steps.flatMap(({ work, hosts: its }) =>
      work?.kind === 'update' && (work.agent === 'apt' || work.agent === 'dnf') ? its : [],
    ),
  );
}

function tellPlan({ steps, waves, unchanged, leftOut }: ChangePlan, tookS: number): void {
  const kinds = Map.groupBy(steps, ({ work }) => (work?.kind === 'update' ? `update by ${work.agent}` : 'reboot'));
  const hostsOf = ([kind, its]: [string, ChangePlan['steps']]) =>
    `${kind} of ${its.reduce((sum, { hosts }) => sum + hosts.length, 0)}`;
  console.log(
    `\n${count} simulated hosts, window open on the roll-out at 1920×1080; planned in ${tookS.toFixed(1)} s: ${[...kinds].map(hostsOf).join(', ')}; waves of ${waves.map(({ length }) => length).join(', ')}; ${unchanged.length} unchanged, ${leftOut.length} left out${leftOut[0] ? ` (${leftOut[0].reason.message})` : ''}`,
  );
}

function tellHalfWay(view: TestView, id: string, started: number): void {
  const record = view.record('change', id);
  const states = Map.groupBy(record?.hosts ?? [], ({ state, work }) => (work ? `${state}/${work.phase}` : state));
  const counts = [...states].map(([state, { length }]) => `${length} ${state}`).join(', ');
  const links = [...view.replica.store.getState().records.host].filter(([, { link }]) => link?.state !== 'up');
  const driven = record?.owner?.owner ? '' : `; nobody drives it: ${record?.progress?.text ?? ''}`;
  const away = links.slice(0, 3).map(([host, { link }]) => `${host} ${link?.state} ${link?.reason ?? ''}`);
  console.log(
    `  ${((performance.now() - started) / 1000).toFixed(0)} s: wave ${(record?.progress?.wave ?? 0) + 1}, ${counts}; ${links.length} links not up${away.length > 0 ? ` (${away.join('; ')})` : ''}${driven}`,
  );
}
