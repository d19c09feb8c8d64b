import { spawn } from 'node:child_process';

/**
 * Runs a program to its end with this terminal's input and output; resolves to its exit code (128 + n for signal n).
 * `quiet` keeps its output and resolves to it as well. Rejects only when it cannot be started.
 * Who ends this process by SIGTERM ends a program that is not quiet, which would go on alone otherwise.
 */
export function run(program, args, { quiet = false, timeoutMs = 0, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit', ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-200_000);
      });
    }
    const timer = timeoutMs > 0 ? setTimeout(() => child.kill('SIGKILL'), timeoutMs) : null;
    const end = () => {
      child.kill('SIGTERM');
      process.exit(143);
    };
    if (!quiet) process.on('SIGTERM', end);
    const over = () => {
      clearTimeout(timer);
      process.off('SIGTERM', end);
    };
    child.on('error', (error) => {
      over();
      reject(error);
    });
    child.on('close', (code, signal) => {
      over();
      resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 137), output });
    });
  });
}
