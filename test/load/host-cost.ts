/**
 * What one change of one file costs a host by itself, whatever else this machine does: the programs it starts (exact), its
 * processes, and the CPU of all. A resident shell is fed here as a host's is, without a connection.
 * Usage: npm run load -- host-cost [--times 200]. Needs root and strace.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { FileState, PlannedStep } from '#shared/contract/change.ts';
import { programData } from '#core/changes/host-program.ts';
import { type HostReach, type HostVerb, onHost } from '#core/changes/host-transaction.ts';
import type { ExecOptions, HostAccess } from '#core/hosts/host-access.ts';
import { loadChangeScripts, loadHostScripts } from '#core/probes/host-scripts.ts';
import { loadOptions } from './options.ts';
import { makeUnrelatedFolders } from './unrelated-folders.ts';

const { times } = loadOptions({ times: 200 });
const text = (workers: number) => `# Fleet settings\nworkers = ${workers}\nlisten = 0.0.0.0:8080\n`;
const hash = (of: string) => createHash('sha256').update(of).digest('hex');
const state = (of: string): FileState => ({ kind: 'file', hash: hash(of), mode: '644', uid: 0, gid: 0 });
const contents = { [hash(text(4))]: text(4), [hash(text(8))]: text(8) };
const check = "grep -q '^workers = [0-9]*$'";
const mark = 'm'.repeat(32);
const clockTicks = 100;

const dir = makeUnrelatedFolders('qd-host-cost-');
const scripts = loadChangeScripts();
const validators: Checks = [
  { name: 'grep', when: 'staged', command: `${check} "$1"` },
  { name: 'handler', when: 'in-place', command: 'touch "$1.reloaded"' },
];

type Checks = readonly Omit<PlannedStep['validators'][number], 'path'>[];
type Shell = ChildProcessByStdio<Writable, Readable, null>;

try {
  console.log(`One change of one file, ${times} times\n`);
  for (const [name, checks] of [
    ['a validator and a handler', validators],
    ['no validator', []],
  ] satisfies [string, Checks][]) {
    const { ms, started } = await cost(checks);
    console.log(`${name}: ${ms.apply} ms to apply, ${ms.confirm} ms to confirm, CPU of the host`);
    for (const verb of ['apply', 'confirm'] as const)
      console.log(
        `  ${verb}: ${started[verb].programs.length} programs (${started[verb].programs.join(' ')}), ${started[verb].forks} forks`,
      );
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function cost(checks: Checks) {
  const ms = { apply: 0, confirm: 0 };
  const shell = startShell([]);
  const access = accessOf(shell);
  for (let time = 0; time <= times; time++) {
    for (const verb of ['apply', 'confirm'] as const) {
      const before = cpuMs(shell);
      await one(access, verb, time, checks);
      // The first fills what is filled once.
      if (time > 0) ms[verb] += cpuMs(shell) - before;
    }
  }
  await end(shell);
  const log = join(dir, 'trace');
  const started = { apply: await traced('apply'), confirm: await traced('confirm') };
  return { ms: { apply: (ms.apply / times).toFixed(2), confirm: (ms.confirm / times).toFixed(2) }, started };

  async function traced(verb: 'apply' | 'confirm') {
    writeFileSync(log, '');
    const words = ['strace', '-f', '-qq', '-e', 'trace=execve,clone,clone3,fork,vfork', '-o', log];
    const under = startShell(words);
    const from = accessOf(under);
    const at = 10_000 + Math.floor(Math.random() * 900_000);
    if (verb === 'confirm') await one(from, 'apply', at, checks);
    const skipped = readFileSync(log, 'utf8').length;
    await one(from, verb, at, checks);
    const lines = readFileSync(log, 'utf8')
      .slice(verb === 'confirm' ? skipped : 0)
      .split('\n');
    if (verb === 'apply') await one(from, 'confirm', at, checks);
    await end(under);
    const programs = programsOf(lines);
    // The first two are the resident shell itself.
    if (verb === 'apply') programs.splice(0, 2);
    const forks = lines.filter((line) => /(?:clone3?|v?fork)(?:\(| resumed>).* = [1-9]\d*$/.test(line)).length;
    return { programs, forks };
  }
}

async function one(access: HostAccess, verb: 'apply' | 'confirm', time: number, checks: Checks) {
  const id = `20261123-${checks.length}${time.toString(16).padStart(5, '0')}`;
  // Each has a folder of its own, as it has on a host of its own.
  const folder = join(dir, id);
  const path = join(folder, 'app.conf');
  const base = join(folder, 'state');
  const reach: HostReach = { access, scripts, base, elevation: 'root', password: null };
  let act: HostVerb = { verb: 'confirm' };
  if (verb === 'apply') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text(4), { mode: 0o644 });
    const step = {
      files: [{ path, before: state(text(4)), after: state(text(8)) }],
      actions: [],
      undo: [],
      validators: checks.map((each) => ({ ...each, path })),
      gates: [],
    };
    const data = programData({ id, base, note: 'bench', step, contents });
    act = { verb: 'apply', data, deadmanS: 2, folders: checks.length > 0 ? [folder] : [] };
  }
  const standing = await onHost(reach, id, 1, act);
  const last = standing.steps.at(-1);
  if (last?.step !== (verb === 'apply' ? 'applied' : 'confirmed'))
    throw new Error(`${verb}: ${last?.step} ${last?.text}`);
  if (readFileSync(path, 'utf8') !== text(8)) throw new Error('the file is not as it was to be');
}

function startShell(under: readonly string[]): Shell {
  const words = [...under, '/bin/sh', '-c', loadHostScripts().shell(mark)];
  return spawn(words[0] as string, words.slice(1), {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

/** Names of the programs that began, out of what strace wrote; some of its lines are cut in two by others. */
function programsOf(lines: readonly string[]): string[] {
  const begun = new Map<string, string>();
  return lines.flatMap((line) => {
    const [process = '', name] = /^(\d+) +execve\("(?:[^"]*\/)?([^"/]+)"/.exec(line)?.slice(1) ?? [line.split(' ')[0]];
    if (name !== undefined) begun.set(process, name);
    return /execve(?:\(| resumed>).* = 0$/.test(line) ? [begun.get(process) ?? '?'] : [];
  });
}

/** Only what changes ask of a host. */
function accessOf(shell: Shell): HostAccess {
  const refuse = () => Promise.reject(new Error('not here'));
  return {
    host: 'here',
    bus: refuse,
    follow: refuse,
    async exec(_command: string, { inShell = '' }: ExecOptions = {}) {
      const lines = inShell.split('\n').length;
      let said = '';
      const heard = new RegExp(`${mark} (\\d+)\n$`);
      shell.stdin.write(`${lines}\n${inShell}\n`);
      while (!heard.test(said)) {
        const [chunk] = (await once(shell.stdout, 'data')) as [Buffer];
        said += chunk.toString();
      }
      const exitCode = Number(heard.exec(said)?.[1]);
      const stdout = Buffer.from(said.replace(heard, '').replace(/^quarterdeck 1 shell \d+\n/, ''));
      return { exitCode, signal: null, stdout, stderr: Buffer.alloc(0), truncated: false, lost: false, durationMs: 0 };
    },
  };
}

async function end(shell: Shell): Promise<void> {
  shell.stdin.end();
  if (shell.exitCode === null) await once(shell, 'exit');
}

/** Of the shell and all its ended children. */
function cpuMs({ pid }: Shell): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) * (1000 / clockTicks);
}
