import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCore, type Core, type DemoFleet } from '#core/index.ts';
import type { Vault } from '#core/lib/vault.ts';
import { openView, type TestView } from './view.ts';
import { portPair } from './port-pair.ts';
import { recordedLog, type RecordedLog } from './recorded-log.ts';

/** A core of its own in a temporary folder, and views on it. */
export interface TestCore {
  readonly core: Core;
  readonly log: RecordedLog;
  readonly dir: string;
  readonly configDir: string;
  /** Writes a cluster file; the core sees it by its folder watch. */
  writeCluster(id: string, text: string): Promise<void>;
  view(cluster: string | null): TestView;
  end(): Promise<void>;
}

/** Keeps secrets in memory only. */
export function memoryVault(): Vault {
  const secrets = new Map<string, string>();
  return {
    available: true,
    list: async () => [...secrets.keys()],
    get: async (name) => secrets.get(name) ?? null,
    set: async (name, value) => void secrets.set(name, value),
    delete: async (name) => void secrets.delete(name),
  };
}

export interface TestCoreOptions {
  readonly clusters?: Record<string, string>;
  readonly expectedWarnings?: readonly RegExp[];
  readonly startDemo?: (hosts: number) => Promise<DemoFleet>;
  readonly vault?: Vault;
}

/** Starts the real core on real files. */
export async function startTestCore(options: TestCoreOptions = {}): Promise<TestCore> {
  const dir = await mkdtemp(join(tmpdir(), 'qd-core-'));
  const configDir = join(dir, 'clusters');
  await mkdir(configDir, { recursive: true });
  const writeCluster = (id: string, text: string) => writeFile(join(configDir, `${id}.yaml`), text);
  for (const [id, text] of Object.entries(options.clusters ?? {})) await writeCluster(id, text);
  const log = recordedLog(options.expectedWarnings);
  const core = await startCore({
    dataDir: join(dir, 'data'),
    configDir,
    vault: options.vault ?? memoryVault(),
    log,
    startDemo: options.startDemo ?? null,
  });
  const views: TestView[] = [];
  return {
    core,
    log,
    dir,
    configDir,
    writeCluster,
    view(cluster) {
      const view = openView(() => {
        const [ours, theirs] = portPair();
        core.attach(theirs);
        return ours;
      }, cluster);
      views.push(view);
      return view;
    },
    async end() {
      for (const view of views) view.end();
      await core.end();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
