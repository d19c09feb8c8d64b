import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import type { FileState, Validator } from '#shared/contract/change.ts';
import type { ExecOptions, HostAccess } from '../hosts/host-access.ts';
import { loadChangeScripts } from '../probes/host-scripts.ts';
import { programData } from './host-program.ts';
import { type HostStanding, type HostVerb, onHost } from './host-transaction.ts';

// Hosts without systemd run the program in the shell that was asked; a process beside it is timer and watcher.
const scripts = loadChangeScripts();
const id = '20261129-000001';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const patience = { timeout: 20_000, interval: 50 };

/** What may be `/bin/sh` on a host. */
const shells = ['dash', 'bash', 'busybox'] as const;

let shellName: string;
let folder: string;
let base: string;
let path: string;

beforeEach(() => {
  const here = process.platform === 'linux' && process.getuid?.() === 0 && !existsSync('/run/systemd/system');
  skipUnless(here, 'wants Linux without systemd, and root');
  shellName = 'sh';
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-watch-'));
  base = join(folder, 'state');
  path = join(folder, 'one.conf');
  writeFileSync(path, 'old\n', { mode: 0o640 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const state = (text: string): FileState => ({ kind: 'file', hash: hashOf(text), mode: '640', uid: 0, gid: 0 });
const read = () => readFileSync(path, 'utf8');

/** The shell of a host, as far as a change asks it; `tools` go before the host's own. */
function access(tools: string): HostAccess {
  const refuse = () => Promise.reject(new Error('not asked by changes'));
  return {
    host: 'here',
    bus: refuse,
    follow: refuse,
    exec: (_command: string, { inShell = '' }: ExecOptions = {}) =>
      new Promise((resolve) => {
        const env = { PATH: `${tools}:${process.env['PATH']}`, qd_change: scripts.change, qd_start: scripts.start };
        const shell = spawn(
          shellName,
          [...(shellName === 'busybox' ? ['sh'] : []), '-c', `(\n${inShell}\n) </dev/null\nexit $?`],
          {
            env,
            stdio: ['ignore', 'pipe', 'ignore'],
          },
        );
        const said: Buffer[] = [];
        shell.stdout.on('data', (chunk: Buffer) => said.push(chunk));
        shell.once('close', (exitCode, signal) => {
          const stdout = Buffer.concat(said);
          resolve({
            exitCode,
            signal,
            stdout,
            stderr: Buffer.alloc(0),
            truncated: false,
            lost: signal !== null,
            durationMs: 0,
          });
        });
      }),
  };
}

function ask(act: HostVerb, tools = folder): Promise<HostStanding> {
  return onHost({ access: access(tools), scripts, base, elevation: 'root', password: null }, id, 1, act);
}

function apply(deadmanS: number, checks: Pick<Validator, 'when' | 'command'>[] = [], tools = folder) {
  const validators = checks.map((check) => ({ name: 'a check', path, ...check }));
  const files = [{ path, before: state('old\n'), after: state('new\n') }];
  const contents = { [hashOf('new\n')]: 'new\n' };
  const data = programData({
    id,
    base,
    note: 'test',
    step: { files, actions: [], undo: [], validators, gates: [] },
    contents,
  });
  return ask({ verb: 'apply', data, deadmanS, folders: [folder] }, tools);
}
const words = ({ steps }: HostStanding) => steps.map(({ step }) => step);
const steps = async () => words(await ask({ verb: 'read' }));
const left = () => spawnSync('pgrep', ['-f', folder]).stdout.toString();

it.each(shells)(
  'stays when it is confirmed, and tells each step once: %s',
  async (name) => {
    skipUnless(spawnSync('which', [name]).status === 0, `there is no ${name}`);
    shellName = name;
    const applied = await apply(60, [{ when: 'staged', command: 'grep -q new "$1" && test "$QD_ROOT" != ""' }]);
    expect(applied).toMatchObject({ state: 'applied', exitCode: 0 });
    expect(words(applied)).toEqual(['begun', 'valid', 'backed-up', 'armed', 'written', 'applied']);
    expect(words(await ask({ verb: 'confirm' }))).toEqual(['confirmed']);
    expect(read()).toBe('new\n');
    expect(await steps()).toEqual([...words(applied), 'confirmed']);
    expect(existsSync(join(base, 'changes', id))).toBe(false);
    // Once more, as a message that comes late: all that is known is told, and nothing is done.
    expect(words(await apply(60))).toEqual([...words(applied), 'confirmed']);
  },
  patience.timeout * 2,
);

it(
  'is taken back when nobody confirms it in time',
  async () => {
    const before = statSync(path);
    expect((await apply(1)).state).toBe('applied');
    expect(read()).toBe('new\n');
    await vi.waitFor(async () => expect((await steps()).at(-1)).toBe('restored'), patience);
    expect([read(), statSync(path).mtimeMs]).toEqual(['old\n', before.mtimeMs]);
    // Who comes then to confirm it is told what became of it.
    await vi.waitFor(() => expect(existsSync(join(base, 'changes', id))).toBe(false), patience);
    expect(await ask({ verb: 'confirm' })).toMatchObject({ state: 'none', exitCode: 0 });
  },
  patience.timeout * 2,
);

it(
  'is taken back when the program is killed after the file is in place',
  async () => {
    const command = 'read -r own name is program rest </proc/self/stat; kill -KILL "$program"';
    const killed = apply(2, [{ when: 'in-place', command }]);
    await expect(killed).rejects.toThrow('its program ended before it told what became of it (exit code 137)');
    expect((await ask({ verb: 'read' })).state).toBe('armed');
    expect(read()).toBe('new\n');
    await vi.waitFor(async () => expect((await steps()).at(-1)).toBe('restored'), patience);
    expect(read()).toBe('old\n');
  },
  patience.timeout * 2,
);

it(
  'ends a check that does not end, with all that it started',
  async () => {
    // Here a minute is short.
    const tools = join(folder, 'tools');
    mkdirSync(tools);
    writeFileSync(
      join(tools, 'sleep'),
      `#!/bin/sh\nexec ${spawnSync('which', ['sleep']).stdout.toString().trim()} 0.3\n`,
    );
    chmodSync(join(tools, 'sleep'), 0o755);
    const hangs = `(tail -f "${folder}/state/journal" >/dev/null & wait); true`;
    const refused = await apply(60, [{ when: 'staged', command: hangs }], tools);
    expect(refused.steps.at(-1)).toMatchObject({
      step: 'invalid',
      text: `a check was ended before it said what it thinks of ${path}:`,
    });
    expect(read()).toBe('old\n');
    await vi.waitFor(() => expect(left()).toBe(''), patience);
  },
  patience.timeout * 2,
);
