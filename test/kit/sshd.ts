import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFile, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HostSpec } from '#core/hosts/hosts.ts';

const run = promisify(execFile);

/** A real sshd on a loopback port, for the user who runs the tests. */
export interface TestSshd {
  readonly port: number;
  readonly folder: string;
  readonly user: string;
  /** The private key that it lets in. */
  readonly keyFile: string;
  /** Its host key as known_hosts holds it: type and base64. */
  readonly hostKey: string;
  readonly knownHostsLine: string;
  readonly process: ChildProcess;
  /** Everything sshd logged. */
  log(): string;
  spec(name: string, more?: Partial<HostSpec>): HostSpec;
  /** Stops it for good, sessions included, and removes its folder. */
  end(): Promise<void>;
}

export interface SshdOptions {
  /** Lines added to sshd_config. */
  readonly config?: readonly string[];
  readonly port?: number;
  /** A host key file to use instead of a new one. */
  readonly hostKeyFile?: string;
  readonly hostKeyType?: 'ed25519' | 'ecdsa' | 'rsa';
  readonly keyFile?: string;
}

/** Where sshd is, or null: tests then skip with that reason. */
export async function findSshd(): Promise<string | null> {
  for (const path of ['/usr/sbin/sshd', '/usr/bin/sshd', '/usr/local/sbin/sshd']) {
    if (
      await readFile(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return null;
}

/** A new key pair; `passphrase` encrypts it. Returns the private key's path. */
export async function makeKey(path: string, type = 'ed25519', passphrase = ''): Promise<string> {
  await run('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'quarterdeck test', '-f', path]);
  return path;
}

/** A free loopback port. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Starts sshd and waits until it listens. */
export async function startSshd(options: SshdOptions = {}): Promise<TestSshd> {
  const binary = await findSshd();
  if (binary === null) throw new Error('sshd is not installed');
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-sshd-'));
  const hostKeyFile = join(folder, 'host_key');
  if (options.hostKeyFile) {
    await copyFile(options.hostKeyFile, hostKeyFile);
    await copyFile(`${options.hostKeyFile}.pub`, `${hostKeyFile}.pub`);
    await chmod(hostKeyFile, 0o600);
  } else await makeKey(hostKeyFile, options.hostKeyType);
  const keyFile = options.keyFile ?? (await makeKey(join(folder, 'id_test')));
  await writeFile(join(folder, 'authorized_keys'), await readFile(`${keyFile}.pub`));
  const port = options.port ?? (await freePort());
  const config = join(folder, 'sshd_config');
  await writeFile(
    config,
    [
      ...(options.config ?? []),
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKeyFile}`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      'PidFile none',
      // The user's own shell start-up files are no part of the test.
      `SetEnv HOME=${folder}`,
      'UsePAM no',
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'MaxStartups 500',
      'LogLevel VERBOSE',
      '',
    ].join('\n'),
  );
  const sshd = spawn(binary, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let log = '';
  sshd.stderr.on('data', (chunk: Buffer) => {
    if (log.length < 1_000_000) log += chunk.toString();
  });
  await listening(
    port,
    () => sshd.exitCode !== null,
    () => log,
  );
  const hostKey = (await readFile(`${hostKeyFile}.pub`, 'utf8')).trim().split(' ').slice(0, 2).join(' ');
  const { username } = userInfo();
  return {
    port,
    folder,
    user: username,
    keyFile,
    hostKey,
    knownHostsLine: `[127.0.0.1]:${port} ${hostKey}\n`,
    process: sshd,
    log: () => log,
    spec: (name, more = {}) => ({
      name,
      address: '127.0.0.1',
      port,
      user: username,
      identityFiles: [keyFile],
      agent: null,
      hostKeyAlias: null,
      jumps: [],
      ...more,
    }),
    end: async () => {
      await killTree(sshd.pid ?? 0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The process ids below `pid`, children before grandchildren. */
export async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found: number[] = [];
  const below = (parent: number) => {
    for (const [child, of] of pairs) {
      if (child === undefined || of !== parent) continue;
      found.push(child);
      below(child);
    }
  };
  below(pid);
  return found;
}

/** Sends a signal to sshd and everything it started. */
export async function signalTree(pid: number, signal: NodeJS.Signals): Promise<void> {
  for (const one of [pid, ...(await descendants(pid))]) {
    try {
      process.kill(one, signal);
    } catch {
      // It ended in between.
    }
  }
}

async function killTree(pid: number): Promise<void> {
  if (pid > 0) await signalTree(pid, 'SIGKILL');
}

async function listening(port: number, ended: () => boolean, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (ended()) throw new Error(`sshd did not start: ${log()}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`sshd does not listen: ${log()}`);
}
