import type { SimulatedHost } from '../world/simulated-host.ts';
import type { CommandCall } from './command.ts';

/** Places of the fields that are counters; the others are gauges (resources/host/README.md). */
const counters = new Set([0, 1, 2, 3, 4, 18, 19, 20, 21]);

/** What a host's kernel tells, in the order of the console's sampler. */
function fieldsOf(host: SimulatedHost): number[] {
  const now = host.figures();
  return [
    now.uptimeCs,
    now.busyTicks,
    now.idleTicks,
    now.iowaitTicks,
    now.stealTicks,
    now.running,
    now.load1,
    now.load5,
    now.load15,
    now.memoryKib,
    now.availableKib,
    now.swapKib,
    now.swapFreeKib,
    now.pressureCpu,
    now.pressureMemory,
    now.pressureMemoryFull,
    now.pressureIo,
    now.pressureIoFull,
    now.receivedBytes,
    now.sentBytes,
    now.sectorsRead,
    now.sectorsWritten,
  ];
}

/** One answer to `s`: what changed since the answer before, which `last` holds and is brought up to date. */
export function sampleLine(host: SimulatedHost, last: number[]): string {
  let line = 's';
  let end = 1;
  for (const [at, value] of fieldsOf(host).entries()) {
    const before = last[at] ?? 0;
    line += ',';
    if (value === before) continue;
    line += counters.has(at) ? value - before : value;
    last[at] = value;
    end = line.length;
  }
  return `${line.slice(0, end)}\n`;
}

/**
 * The console's resident sampler, which on a real host is a program in awk or sh: the one script that is not
 * interpreted here, since every host is asked for samples all the time. Null for any other script.
 */
export function startSampler(call: CommandCall, name: string, words: readonly string[]): Promise<number> | null {
  if (name !== 'quarterdeck-sampler') return null;
  return runSampler(call, words[2] === 'auto' ? 'awk' : 'sh');
}

async function runSampler({ host, input, output, process }: CommandCall, kind: 'awk' | 'sh'): Promise<number> {
  await output.write(`quarterdeck 1 ${kind} ${host.boot.id}\n`);
  const last: number[] = [];
  for (;;) {
    const line = await input.line();
    process.signal.throwIfAborted();
    if (line === null) return 0;
    if (line === '.\n') await output.write('.\n');
    else if (line === 's\n') await output.write(sampleLine(host, last));
  }
}
