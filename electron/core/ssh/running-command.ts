import { fail, type ProblemError } from '#shared/contract/problem.ts';
import type { ExecOptions, ExecResult } from '../hosts/host-access.ts';
import { BoundedOutput } from './bounded-output.ts';

/** Output thrown away before a command that never stops writing is ended. */
const mostDropped = 8 * 1024 * 1024;

export interface CommandEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly lost: boolean;
}

/** One command under way: gathers its output, keeps its limits, and settles once. */
export class RunningCommand {
  readonly #startedAt = performance.now();
  readonly #stdout: BoundedOutput;
  readonly #stderr: BoundedOutput;
  readonly #kill: () => void;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.refuse(fail('cancelled', 'the command was cancelled and ended on the host'), true);
  readonly result: Promise<ExecResult>;
  #resolve: (result: ExecResult) => void = () => {};
  #reject: (error: ProblemError) => void = () => {};
  #over = false;

  /** `kill` is called at most once: when time is up, the caller cancels, or the output has no end. */
  constructor(options: ExecOptions, kill: () => void) {
    const timeoutMs = options.timeoutMs ?? 30_000;
    const maxBytes = options.maxBytes ?? 1024 * 1024;
    this.#stdout = new BoundedOutput(maxBytes);
    this.#stderr = new BoundedOutput(maxBytes);
    this.#kill = kill;
    this.#signal = options.signal;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const late = () => this.refuse(fail('timeout', `no end after ${timeoutMs / 1000} s; the command was ended`), true);
    this.#timer = setTimeout(late, timeoutMs);
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get over(): boolean {
    return this.#over;
  }

  data(chunk: Buffer, from: 'stdout' | 'stderr'): void {
    if (this.#over) return;
    const output = from === 'stdout' ? this.#stdout : this.#stderr;
    output.add(chunk);
    if (output.dropped <= mostDropped) return;
    this.end({ exitCode: null, signal: 'KILL', lost: false });
    this.#kill();
  }

  end(end: CommandEnd): void {
    if (!this.#close()) return;
    this.#resolve({
      ...end,
      stdout: this.#stdout.bytes(),
      stderr: this.#stderr.bytes(),
      truncated: this.#stdout.truncated || this.#stderr.truncated,
      durationMs: Math.round(performance.now() - this.#startedAt),
    });
  }

  refuse(error: ProblemError, kill: boolean): void {
    if (!this.#close()) return;
    this.#reject(error);
    if (kill) this.#kill();
  }

  #close(): boolean {
    if (this.#over) return false;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }
}
