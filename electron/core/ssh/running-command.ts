import { fail, toProblem, ProblemError } from '#shared/contract/problem.ts';
import type { ExecOptions, ExecResult } from '../hosts/host-access.ts';
import { BoundedOutput } from './bounded-output.ts';

/** Output thrown away before a command that never stops writing is ended. */
const mostDropped = 8 * 1024 * 1024;

export interface CommandEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly lost: boolean;
}

/** One command from being asked for to its end: gathers its output, keeps its limits (waiting included), settles once. */
export class RunningCommand {
  readonly #startedAt = performance.now();
  readonly #stdout: BoundedOutput;
  readonly #stderr: BoundedOutput;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #cancel: AbortSignal | undefined;
  readonly #onCancel = () => this.#refuse(fail('cancelled', 'the command was cancelled and ended on the host'));
  readonly #over = new AbortController();
  #kill: (() => void) | null = null;
  readonly result: Promise<ExecResult>;
  #resolve: (result: ExecResult) => void = () => {};
  #reject: (error: ProblemError) => void = () => {};

  constructor({ timeoutMs = 30_000, maxBytes = 1024 * 1024, signal }: ExecOptions) {
    this.#stdout = new BoundedOutput(maxBytes);
    this.#stderr = new BoundedOutput(maxBytes);
    this.#cancel = signal;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const late = () => this.#refuse(fail('timeout', `no end after ${timeoutMs / 1000} s; the command was ended`));
    this.#timer = setTimeout(late, timeoutMs);
    if (signal?.aborted) this.#onCancel();
    else signal?.addEventListener('abort', this.#onCancel, { once: true });
  }

  /** Aborted once it is settled in any way: stop waiting for a place to run it. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** It runs now; `kill` is called at most once: when time is up, the caller cancels, or the output has no end. */
  runs(kill: () => void): void {
    this.#kill = kill;
  }

  data(chunk: Buffer, from: 'stdout' | 'stderr'): void {
    if (this.over.aborted) return;
    const output = from === 'stdout' ? this.#stdout : this.#stderr;
    output.add(chunk);
    if (output.dropped <= mostDropped) return;
    this.end({ exitCode: null, signal: 'KILL', lost: false });
    this.#kill?.();
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

  /** It could not be run, or not to its end. */
  failed(error: unknown): void {
    this.#refuse(error instanceof ProblemError ? error : new ProblemError(toProblem(error)));
  }

  #refuse(error: ProblemError): void {
    if (!this.#close()) return;
    this.#reject(error);
    this.#kill?.();
  }

  #close(): boolean {
    if (this.over.aborted) return false;
    clearTimeout(this.#timer);
    this.#cancel?.removeEventListener('abort', this.#onCancel);
    // With a reason of its own: the usual one costs a stack trace.
    this.#over.abort('over');
    return true;
  }
}
