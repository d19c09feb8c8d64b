/**
 * What documents cost: many simulated hosts, many documents for all of them, the core in this process.
 * Usage: npm run load -- documents [--hosts 1000] [--documents 20] [--seconds 30].
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigDocument } from '#shared/contract/document.ts';
import { startTestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';
import { loadOptions } from './options.ts';

const { hosts, documents, seconds } = loadOptions({ hosts: 1000, documents: 20, seconds: 30 });
const told = new Set(['same', 'differs', 'missing', 'unreachable']);

const dir = await mkdtemp(join(tmpdir(), 'qd-documents-'));
const simulator = spawn(
  process.execPath,
  [join(import.meta.dirname, 'demo-process.ts'), String(hosts), join(dir, 'demo')],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const [line] = (await once(simulator.stdout, 'data')) as [Buffer];
const clusterFile = line.toString().trim();
const core = await startTestCore({ startDemo: async () => ({ clusterFile, end: async () => {} }) });
try {
  await measure(core.view(await core.core.startDemo(hosts)));
} finally {
  await core.end();
  simulator.stdin.end();
  await once(simulator, 'exit');
  await rm(dir, { recursive: true, force: true });
}

/** Wall and CPU seconds of the core (with the view, which is in this process too). */
async function cost<T>(what: string, work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const wallS = (performance.now() - from) / 1000;
  const cpuS = (user + system) / 1e6;
  console.log(`${what}: ${wallS.toFixed(1)} s, ${cpuS.toFixed(1)} s CPU (${((cpuS / wallS) * 100).toFixed(0)} %)`);
  return result;
}

function aDocument(number: number): ConfigDocument {
  const name = `load-${String(number).padStart(2, '0')}`;
  const path = number === 0 ? '/etc/sysctl.d/90-fleet.conf' : `/etc/load/${name}.conf`;
  const file = { path, mode: '644', owner: null, actions: [] };
  return { name, format: 'file', targets: '', file, content: `# ${name}\n${'a = 1\n'.repeat(100)}` };
}

async function measure(view: TestView): Promise<void> {
  const upNow = () =>
    [...view.replica.store.getState().records.host.values()].filter(({ link }) => link?.state === 'up').length;
  await cost('connected', async () => {
    while (upNow() < hosts * 0.97) await sleep(250);
  });
  for (const [name, { about }] of view.replica.store.getState().records.document)
    await view.link.call('document.remove', { name, base: about?.last.revision ?? 0, message: '' });
  await sleep(10_000);
  await cost(`quiet without documents, ${upNow()} of ${hosts} hosts up`, () => sleep(seconds * 1000));
  await cost(`${documents} documents saved, all hosts known`, async () => {
    for (let at = 0; at < documents; at++)
      await view.link.call('document.save', { document: aDocument(at), base: null, message: '' });
    for (let at = 0; at < documents; at++) await known(view, aDocument(at).name);
  });
  await sleep(10_000);
  await cost(`quiet with ${documents} documents`, () => sleep(seconds * 1000));
  await cost('all hosts checked', () => view.link.call('document.check', { names: [], password: null }));
  const { draft, leftOut } = await cost('correction of all worked out', () =>
    view.link.call('document.correct', { names: ['load-00', 'load-01', 'load-02'], hosts: null }),
  );
  const size = (value: unknown) => `${Math.round(JSON.stringify(value).length / 1024)} KiB`;
  console.log(`the draft has ${draft?.parts.length} parts, ${size(draft)}; ${leftOut.length} hosts are left out`);
  console.log(`one drift section: ${size(view.record('document', 'load-01')?.drift)}`);
  console.log(`heap ${Math.round(process.memoryUsage().heapUsed / 1_048_576)} MiB`);
}

async function known(view: TestView, name: string): Promise<void> {
  await view.until(
    'document',
    name,
    'drift',
    (all) => all.length > 0 && all.every(({ state }) => told.has(state)),
    120_000,
  );
}
