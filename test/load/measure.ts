import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { cpus } from 'node:os';

/** What a piece of work cost: wall seconds, CPU seconds of the client's processes, and of the swarm's hosts. */
export interface Cost {
  readonly wallS: number;
  readonly clientS: number;
  readonly hostS: number;
}

/**
 * CPU seconds that the swarm's hosts have used so far: every process in its PID namespace with its ended children, so
 * that what else this machine does at the time is not counted. 0 when there is no swarm.
 */
export function swarmCpuS(): number {
  const listener = processIds().find((pid) => commandOf(pid).startsWith('sshd: /usr/sbin/sshd -f /run/sshd_config'));
  if (listener === undefined) return 0;
  const namespace = pidNamespace(listener);
  let ticks = 0;
  for (const pid of processIds()) {
    if (pidNamespace(pid) !== namespace) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      for (const field of [11, 12, 13, 14]) ticks += Number(fields[field]);
    } catch {
      // The process ended while it was looked at; its parent counts it.
    }
  }
  return ticks / 100;
}

function pidNamespace(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return '';
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** CPU seconds used so far by running processes of that exact name (their ended children not counted). */
export function processesCpuS(name: string): number {
  let seconds = 0;
  for (const entry of processIds()) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const open = stat.indexOf('(');
      const close = stat.lastIndexOf(')');
      if (stat.slice(open + 1, close) !== name) continue;
      const fields = stat.slice(close + 2).split(' ');
      seconds += (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      // The process ended while it was looked at.
    }
  }
  return seconds;
}

/** Resident and proportional set size of one process in MiB. */
export function memoryMiB(pid: number): { rss: number; pss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024;
  return { rss: of('Rss'), pss: of('Pss') };
}

function processIds(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** Measures work done inside this process. */
export async function measureHere(work: () => Promise<void>): Promise<Cost> {
  const hosts = swarmCpuS();
  const own = process.cpuUsage();
  const from = performance.now();
  await work();
  const wallS = (performance.now() - from) / 1000;
  const used = process.cpuUsage(own);
  const clientS = (used.user + used.system) / 1e6;
  return { wallS, clientS, hostS: swarmCpuS() - hosts };
}

/** Measures a command with all its children; `alsoClient` names daemons that work for it (ssh control masters). */
export async function measureCommand(
  words: readonly string[],
  alsoClient: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Cost & { output: string }> {
  const hosts = swarmCpuS();
  const daemons = () => alsoClient.reduce((sum, name) => sum + processesCpuS(name), 0);
  const before = daemons();
  const child = spawn('bash', ['-c', 'TIMEFORMAT="QDTIME %R %U %S"; time "$@"', 'bash', ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk));
  await new Promise((resolve) => child.on('close', resolve));
  const timing = /QDTIME ([\d.]+) ([\d.]+) ([\d.]+)/.exec(errors);
  if (!timing) throw new Error(`${words[0]} was not measured: ${errors.slice(-500)}`);
  const clientS = Number(timing[2]) + Number(timing[3]) + Math.max(0, daemons() - before);
  return { wallS: Number(timing[1]), clientS, hostS: swarmCpuS() - hosts, output };
}

/** One aligned line of figures. */
export function row(name: string, cost: Cost, extra = ''): void {
  const figures = [cost.wallS, cost.clientS, cost.hostS].map((seconds) => seconds.toFixed(3).padStart(9)).join('');
  console.log(`${name.padEnd(34)}${figures}  ${extra}`);
}

/** Head of a table of `row`s. */
export function head(title: string): void {
  console.log(
    `\n${title} (${cpus().length} cores)\n${''.padEnd(34)}${'wall s'.padStart(9)}${'client s'.padStart(9)}${'host s'.padStart(9)}`,
  );
}

/** Says whether a bar is met; a miss is told, never hidden. */
export function bar(what: string, value: number, limit: number, kind: 'at least' | 'at most'): void {
  const met = kind === 'at least' ? value >= limit : value <= limit;
  console.log(`${met ? 'met   ' : 'MISSED'}  ${what}: ${value.toFixed(2)} (${kind} ${limit})`);
}

/** The value below which `part` (0..1) of the sorted copy lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
