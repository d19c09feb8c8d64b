import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What a started thing hangs on; the core's Scope is one. */
export interface Lifetime {
  add(ending: () => void | Promise<void>): unknown;
}

export interface RealEtcdOptions {
  readonly scope: Lifetime;
  /** One member each. */
  readonly members: readonly string[];
  /** Scheme of the client addresses; `https` needs its `--cert-file` and `--key-file` among the arguments. */
  readonly scheme?: 'http' | 'https';
  /** More arguments for every member. */
  readonly arguments?: readonly string[];
}

/** One etcd process; its data stays while it is stopped. */
export interface RealEtcdMember {
  readonly name: string;
  readonly clientUrl: string;
  readonly pid: () => number | null;
  /** Resolves when the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Resolves when it serves clients. */
  start(): Promise<void>;
}

const startMs = 60_000;

/** The `etcd` on the PATH, or null. */
export async function findEtcd(): Promise<string | null> {
  const name = process.platform === 'win32' ? 'etcd.exe' : 'etcd';
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, name);
    if (
      folder !== '' &&
      (await access(file)
        .then(() => true)
        .catch(() => false))
    )
      return file;
  }
  return null;
}

/** Starts members on free loopback ports with data in a temporary folder; all of it goes when the scope ends. */
export async function startRealEtcd(program: string, options: RealEtcdOptions): Promise<RealEtcdMember[]> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-etcd-'));
  const started: RealEtcdMember[] = [];
  options.scope.add(async () => {
    await Promise.all(started.map((member) => member.stop('SIGKILL')));
    await rm(folder, { recursive: true, force: true });
  });
  // Another process may take a port between our finding it free and etcd's binding it.
  for (let attempt = 1; ; attempt++) {
    const members = await layOut(program, join(folder, String(attempt)), options);
    started.push(...members);
    const results = await Promise.allSettled(members.map((member) => member.start()));
    const failed = results.find((result) => result.status === 'rejected');
    if (!failed) return members;
    await Promise.all(members.map((member) => member.stop('SIGKILL')));
    if (attempt === 3 || !String(failed.reason).includes('address already in use')) throw failed.reason;
  }
}

async function layOut(program: string, folder: string, options: RealEtcdOptions): Promise<RealEtcdMember[]> {
  const ports = await freePorts(options.members.length * 2);
  const places = options.members.map((name, at) => ({
    name,
    client: `${options.scheme ?? 'http'}://127.0.0.1:${ports[2 * at]}`,
    peer: `http://127.0.0.1:${ports[2 * at + 1]}`,
  }));
  const cluster = places.map(({ name, peer }) => `${name}=${peer}`).join(',');
  return places.map(({ name, client, peer }) => {
    const words = ['--name', name, '--data-dir', join(folder, name), '--initial-cluster', cluster];
    words.push('--listen-client-urls', client, '--advertise-client-urls', client);
    words.push('--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer);
    return member(program, name, client, [...words, ...(options.arguments ?? [])]);
  });
}

/**
 * Between us and etcd: says its pid, and kills it when our end of the pipe closes, so that a crashed console leaves
 * no etcd behind. `$$` stays the outer shell's pid, which is gone once etcd is.
 */
const keeper =
  'exec 3<&0; "$@" </dev/null >/dev/null & pid=$!; echo $pid; ' +
  '( cat <&3 >/dev/null; kill -0 $$ 2>/dev/null && kill -9 $pid ) 2>/dev/null & wait $pid';

function member(program: string, name: string, clientUrl: string, words: readonly string[]): RealEtcdMember {
  let child: ChildProcess | null = null;
  let pid: number | null = null;
  const spawned = (): ChildProcess => {
    const env = { PATH: process.env['PATH'], ETCD_UNSUPPORTED_ARCH: process.env['ETCD_UNSUPPORTED_ARCH'] };
    if (process.platform === 'win32') return spawn(program, words, { env, windowsHide: true });
    return spawn('/bin/sh', ['-c', keeper, 'sh', program, ...words], { env });
  };
  return {
    name,
    clientUrl,
    pid: () => pid,
    async start() {
      const running = spawned();
      child = running;
      pid = process.platform === 'win32' ? (running.pid ?? null) : null;
      running.once('exit', () => {
        running.stdin?.destroy();
        if (child === running) child = pid = null;
      });
      running.stdin?.on('error', () => {});
      running.stdout?.once('data', (line: Buffer) => {
        pid ??= Number(line.toString());
      });
      await serving(running);
    },
    async stop(signal = 'SIGTERM') {
      if (!child) return;
      const gone = once(child, 'exit');
      if (pid === null) child.kill('SIGKILL');
      else signalled(pid, signal);
      if (signal === 'SIGSTOP') return;
      await gone;
    },
  };
}

/** A process that ended a moment ago has no pid any more, which is what a stop wants. */
function signalled(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resolves at the line that all etcd versions write once they serve clients; rejects with the last of the log. */
function serving(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const failed = (why: string) => reject(new Error(`etcd ${why}: ${log.slice(-2000)}`));
    const timer = setTimeout(() => failed(`did not serve within ${startMs} ms`), startMs);
    child.once('error', (error) => failed(error.message));
    child.once('exit', (code) => failed(`ended with ${code}`));
    child.once('exit', () => clearTimeout(timer));
    child.stderr?.on('data', (chunk: Buffer) => {
      if (log === 'serving') return;
      log = (log + chunk.toString()).slice(-20_000);
      if (!log.includes('ready to serve client requests')) return;
      log = 'serving';
      clearTimeout(timer);
      resolve();
    });
  });
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(async (server) => {
      if (!server.listening) await once(server, 'listening');
      const address = server.address();
      return typeof address === 'object' && address ? address.port : 0;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
