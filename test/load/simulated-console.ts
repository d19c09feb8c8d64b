import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { startConsole, type RunningConsole } from '#kit/window.ts';

/** The console as users run it, looking at simulated hosts in a process of their own. */
export interface SimulatedConsole {
  readonly running: RunningConsole;
  readonly simulatorPid: number;
  /** When the console was started, by `performance.now()`. */
  readonly started: number;
  end(): Promise<void>;
}

/** Starts both; the hosts are the cluster `demo`. */
export async function startSimulatedConsole(hosts: number): Promise<SimulatedConsole> {
  const here = import.meta.dirname;
  const dir = await mkdtemp(join(tmpdir(), 'qd-fleet-'));
  const words = [join(here, 'demo-process.ts'), String(hosts), join(dir, 'demo')];
  const simulator = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const end = async () => {
    simulator.stdin.end();
    await once(simulator, 'exit');
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const [line] = (await once(simulator.stdout, 'data')) as [Buffer];
    const started = performance.now();
    const running = await startConsole({
      words: ['--config-dir', dirname(line.toString().trim())],
      built: true,
      env: { NODE_OPTIONS: `--import=${join(here, 'loop-delay.ts')}` },
    });
    return {
      running,
      simulatorPid: simulator.pid ?? 0,
      started,
      async end() {
        await running.end();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Shows the fleet and resolves when its hosts are connected; a few are off the network at any time, as in life. */
export async function untilMostUp(page: Page, hosts: number): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/c/demo/fleet';
  });
  const mostUp = (count: number) => {
    const [, up = '0'] = /(\d[\d,]*) of [\d,]+ hosts connected/.exec(document.body.innerText) ?? [];
    return Number(up.replaceAll(',', '')) >= count * 0.98;
  };
  await page.waitForFunction(mostUp, hosts, { timeout: 180_000, polling: 250 });
}
