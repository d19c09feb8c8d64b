/**
 * What samples alone cost: many simulated hosts, no window and no records; all in view at 2 s, less the same connections
 * and units while nobody looks. Usage: npm run load -- samples [--hosts 1000] [--seconds 60].
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openClusterStore } from '#core/clusters/open-cluster-store.ts';
import { Scope } from '#core/lib/scope.ts';
import { recordedLog } from '#kit/recorded-log.ts';
import { connectAll, type FleetOfLinks } from './fleet-of-links.ts';
import { bar } from './measure.ts';
import { loadOptions } from './options.ts';

const { hosts, seconds } = loadOptions({ hosts: 1000, seconds: 60 });

const dir = await mkdtemp(join(tmpdir(), 'qd-samples-'));
const demo = [join(import.meta.dirname, 'demo-process.ts'), String(hosts), join(dir, 'demo')];
const simulator = spawn(process.execPath, demo, { stdio: ['pipe', 'pipe', 'inherit'] });
const scope = new Scope('samples');
try {
  const [line] = (await once(simulator.stdout, 'data')) as [Buffer];
  await measure(line.toString().trim());
} finally {
  await scope.end();
  simulator.stdin.end();
  await once(simulator, 'exit');
  await rm(dir, { recursive: true, force: true });
}

async function measure(clusterFile: string): Promise<void> {
  const { store } = await openClusterStore({
    configDir: join(dir, 'clusters'),
    sshConfigFile: join(dir, 'none'),
    home: dir,
    log: recordedLog(),
    scope,
  });
  const cluster = store.get(await store.attach(clusterFile));
  if (!cluster) throw new Error(`no cluster in ${clusterFile}`);
  const specs = cluster.hosts.map(({ labels: _labels, ...spec }) => spec);
  const fleet = connectAll(specs, join(dirname(clusterFile), 'known_hosts'));
  try {
    // A few simulated hosts are off the network at any time, as in life.
    while ([...fleet.links.values()].filter(({ state }) => state === 'up').length < hosts * 0.97) await sleep(500);
    await sleep(15_000);
    const visible = specs.map(({ name }) => name);
    fleet.hosts.look({ visible: [], focus: null, hidden: true });
    const hidden = await costOf(fleet);
    fleet.hosts.look({ visible, focus: null, hidden: false });
    const seen = await costOf(fleet);
    const more = seen.samples - hidden.samples;
    console.log(`\n${hosts} simulated hosts, no window, ${seconds} s each`);
    for (const [name, { core, samples }] of [
      ['nobody looks', hidden],
      ['all in view', seen],
    ] as const) {
      console.log(
        `${name.padEnd(14)}${core.toFixed(1).padStart(6)} % of a core, ${samples.toFixed(0)} samples a second`,
      );
    }
    console.log(`a sample: ${(((seen.core - hidden.core) / more) * 10).toFixed(3)} ms\n`);
    bar('core CPU for samples, % of a core', ((seen.core - hidden.core) / more) * (hosts / 2), 8, 'at most');
  } finally {
    await fleet.hosts.end();
  }
}

/** CPU of this process in % of a core, and samples a second, once the new pace has settled. */
async function costOf(fleet: FleetOfLinks): Promise<{ core: number; samples: number }> {
  await sleep(10_000);
  const before = { used: process.cpuUsage(), at: performance.now(), samples: fleet.samples() };
  await sleep(seconds * 1000);
  const { user, system } = process.cpuUsage(before.used);
  const tookS = (performance.now() - before.at) / 1000;
  return { core: ((user + system) / 1e6 / tookS) * 100, samples: (fleet.samples() - before.samples) / tookS };
}
