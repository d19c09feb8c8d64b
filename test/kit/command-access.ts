import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fail } from '#shared/contract/problem.ts';
import type { Bus } from '#core/dbus/bus.ts';
import type { ExecResult, Follow, HostAccess } from '#core/hosts/host-access.ts';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A HostAccess whose bus can be taken away, for tests of what runs on top of one. */
export interface CommandAccess extends HostAccess {
  /** While set, `bus()` is refused with this reason. */
  refuseBus(reason: string | null): void;
  end(): Promise<void>;
}

/** HostAccess over programs: `words` makes the argv that runs a shell command, exit code 255 meaning a lost connection. */
export function commandAccess(
  host: string,
  words: (command: string) => readonly [program: string, ...words: string[]],
  openBus: () => Promise<Bus>,
  env: NodeJS.ProcessEnv = process.env,
): CommandAccess {
  const running = new Set<Child>();
  let refusal: string | null = null;
  let opened: Bus | null = null;
  const start = async (command: string): Promise<Child> => {
    const [program, ...rest] = words(command);
    const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'], env });
    child.stdin.on('error', () => {});
    running.add(child);
    child.once('close', () => running.delete(child));
    await once(child, 'spawn');
    return child;
  };
  return {
    host,
    refuseBus: (reason) => (refusal = reason),
    async bus() {
      if (refusal) throw fail('refused', refusal, { host });
      if (opened) return opened;
      const bus = await openBus();
      opened = bus;
      bus.onClose(() => (opened = null));
      return bus;
    },
    async exec(command, options = {}) {
      if (options.signal?.aborted) throw fail('cancelled', 'it was ended before it began', { host });
      const startedAt = performance.now();
      const maxBytes = options.maxBytes ?? 1024 * 1024;
      const child = await start(command);
      const kept: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on('data', (chunk: Buffer) => kept[0].push(chunk));
      child.stderr.on('data', (chunk: Buffer) => kept[1].push(chunk));
      child.stdin.end(options.stdin ?? '');
      const ended = Promise.withResolvers<never>();
      const end = () => {
        child.kill('SIGKILL');
        // As over a connection: what it started may live on for a moment, and is not waited for.
        ended.reject(fail('cancelled', 'it was ended', { host }));
      };
      const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 30_000);
      options.signal?.addEventListener('abort', end);
      const closed = once(child, 'close') as Promise<[number | null, string | null]>;
      const [exitCode, signal] = await Promise.race([closed, ended.promise]).finally(() => {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', end);
      });
      const [stdout, stderr] = [Buffer.concat(kept[0]), Buffer.concat(kept[1])];
      const result: ExecResult = {
        exitCode,
        signal,
        stdout: stdout.subarray(0, maxBytes),
        stderr: stderr.subarray(0, maxBytes),
        truncated: stdout.length > maxBytes,
        lost: exitCode === 255,
        durationMs: performance.now() - startedAt,
      };
      return result;
    },
    async follow(command) {
      // Without a terminal sshd leaves the command running; it is ended when our side of its input closes.
      const child = await start(
        `exec 3<&0; ${command} & p=$!; { cat <&3 >/dev/null; kill "$p"; } 2>/dev/null & wait "$p"`,
      );
      const follow: Follow = {
        onData(listener) {
          child.stdout.on('data', (chunk: Buffer) => listener(chunk, 'stdout'));
          child.stderr.on('data', (chunk: Buffer) => listener(chunk, 'stderr'));
        },
        onEnd(listener) {
          child.once('close', (exitCode: number | null, signal: string | null) =>
            listener({ exitCode, signal, lost: exitCode === 255 || signal !== null }),
          );
        },
        write: (data) => void child.stdin.write(data),
        pause: () => void child.stdout.pause(),
        resume: () => void child.stdout.resume(),
        close: () => void child.stdin.end(),
      };
      return follow;
    },
    async end() {
      opened?.close();
      const left = [...running];
      for (const child of left) child.kill('SIGKILL');
      await Promise.all(left.map((child) => once(child, 'close')));
    },
  };
}

/** This machine as a host; `env` may put other programs first on its PATH. */
export function localAccess(openBus: () => Promise<Bus>, env?: NodeJS.ProcessEnv): CommandAccess {
  return commandAccess('local', (command) => ['/bin/sh', '-c', command], openBus, env);
}
