import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** What a program left behind; `exitCode` is null when it was ended by a signal or by the time limit. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from standard input; nothing when left out. */
  readonly input?: string | Uint8Array;
  /** Ends it with SIGKILL; 60 s when left out. */
  readonly timeoutMs?: number;
}

const outputLimitBytes = 16 * 1024 * 1024;

/** Runs a program of this machine without a shell; resolves however it exits, rejects only when it cannot be started. */
export function runProgram(file: string, argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, argv, { env: { ...process.env, ...options.env }, stdio: 'pipe' });
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 60_000);
    const gather = (stream: NodeJS.ReadableStream): (() => string) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > outputLimitBytes) child.kill('SIGKILL');
        else chunks.push(chunk);
      });
      return () => Buffer.concat(chunks).toString('utf8');
    };
    const stdout = gather(child.stdout);
    const stderr = gather(child.stderr);
    child.stdin.on('error', () => {
      // A program need not read what it is given.
    });
    child.stdin.end(options.input);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, stdout: stdout(), stderr: stderr() });
    });
  });
}

/**
 * Listens on a loopback port so that no other process of this machine can hold it; null when one does.
 * The kernel gives it back when this process ends, however it ends. Resolves with the function that lets go.
 */
export function holdPort(port: number): Promise<(() => Promise<void>) | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      resolve(() => new Promise((done) => server.close(() => done()))),
    );
  });
}
