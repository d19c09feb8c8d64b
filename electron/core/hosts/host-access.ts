import type { Bus } from '../dbus/bus.ts';

/** What a finished command left behind. `lost` true: the connection went away before the exit was known. */
export interface ExecResult {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** More was written than `maxBytes`; the rest was thrown away unread or the process was ended. */
  readonly truncated: boolean;
  readonly lost: boolean;
  readonly durationMs: number;
}

export interface ExecOptions {
  /** Written to the command's standard input, which is then closed. */
  readonly stdin?: string | Uint8Array;
  /**
   * The same command and its input as shell text for the resident shell, which takes it when it is free and the text is
   * short enough: a new session costs a host more than a short command. Never on a command line there.
   */
  readonly inShell?: string;
  /** The process is killed and `timeout` rejected after this long. Default 30 s. */
  readonly timeoutMs?: number;
  /** Output kept per stream. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Over a connection made for it, as a proof that the host lets us in; works while the usual one is down too. */
  readonly anew?: boolean;
  readonly signal?: AbortSignal;
}

/** A running command whose output is consumed as it comes. */
export interface Follow {
  onData(listener: (chunk: Uint8Array, from: 'stdout' | 'stderr') => void): void;
  onEnd(listener: (end: { exitCode: number | null; signal: string | null; lost: boolean }) => void): void;
  write(data: string | Uint8Array): void;
  /** Stops reading (SSH's own window then holds the remote writer); `resume` goes on. */
  pause(): void;
  resume(): void;
  /** Ends the remote process (signal, then channel close). */
  close(): void;
}

/**
 * What the rest of the core may do with a host that is up. Commands are shell text run by the user's login shell:
 * build them only with `quote()` from core/lib/shell-quote. All methods reject with ProblemError carrying `host`.
 */
export interface HostAccess {
  readonly host: string;
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  follow(command: string): Promise<Follow>;
  /** The host's system bus; one shared connection per host, opened on first use. */
  bus(): Promise<Bus>;
}
