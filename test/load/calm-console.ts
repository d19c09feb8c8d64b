import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { startConsole, type RunningConsole } from '#kit/window.ts';
import { calmFleet, hostMoved, type HostMoved } from './calm-fleet.ts';

/** The console as users run it, looking at a fleet that tells by itself what became of its hosts. */
export interface CalmConsole {
  readonly running: RunningConsole;
  readonly simulatorPid: number;
  /** Every time that a host went or came, by the fleet's own word. */
  readonly moves: readonly HostMoved[];
  /** Where its etcd answers. */
  readonly etcd: readonly string[];
  end(): Promise<void>;
}

/** Starts both; the hosts are the cluster `demo`. */
export async function startCalmConsole(hosts: number, downloadS: number): Promise<CalmConsole> {
  const here = import.meta.dirname;
  const dir = await mkdtemp(join(tmpdir(), 'qd-calm-'));
  const words = [join(here, 'calm-fleet.ts'), String(hosts), join(dir, 'demo'), String(downloadS)];
  const simulator = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const end = async () => {
    simulator.stdin.end();
    await once(simulator, 'exit');
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const lines = createInterface({ input: simulator.stdout });
    const [first] = (await once(lines, 'line')) as [string];
    const { clusterFile, etcd } = calmFleet.parse(JSON.parse(first));
    const moves: HostMoved[] = [];
    lines.on('line', (line) => moves.push(hostMoved.parse(JSON.parse(line))));
    const running = await startConsole({
      words: ['--config-dir', dirname(clusterFile)],
      built: true,
      env: { NODE_OPTIONS: `--import=${join(here, 'loop-delay.ts')}` },
    });
    let isEnding = false;
    running.process.once('exit', (code, signal) => {
      if (isEnding) return;
      console.error(`The console ended by itself (${code ?? signal}):\n${running.errors()}`);
      process.exit(1);
    });
    return {
      running,
      simulatorPid: simulator.pid ?? 0,
      moves,
      etcd,
      async end() {
        isEnding = true;
        await running.end();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}
