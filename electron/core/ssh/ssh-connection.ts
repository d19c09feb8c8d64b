import type { Duplex } from 'node:stream';

/** How a channel ended; `lost` when neither exit code nor signal was ever told. */
export interface ChannelEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly lost: boolean;
}

/** One running command on the host. Listeners are set once, right after it was opened. */
export interface SshChannel {
  onData(listener: (chunk: Buffer, from: 'stdout' | 'stderr') => void): void;
  onEnd(listener: (end: ChannelEnd) => void): void;
  write(data: string | Uint8Array): void;
  /** Closes the command's standard input. */
  endInput(): void;
  pause(): void;
  resume(): void;
  /** Asks sshd to signal the command's process group; servers may ignore it. */
  signal(name: 'TERM' | 'KILL'): void;
  close(): void;
}

/** What is known of a connection once it is up. */
export interface ConnectionAbout {
  readonly remote: string;
  readonly via: readonly string[];
  readonly user: string;
  readonly method: string;
  readonly hostKey: { readonly type: string; readonly fingerprint: string };
  readonly serverVersion: string;
  readonly cipher: string;
}

/** One authenticated SSH connection. */
export interface SshConnection {
  readonly about: ConnectionAbout;
  /** Session channels open now. */
  readonly channels: number;
  /**
   * Runs `command` by the login shell; waits for one of at most 8 slots, or takes one kept in reserve for ending others.
   * Rejects with ProblemError.
   */
  exec(command: string, options?: { signal?: AbortSignal | undefined; reserved?: boolean }): Promise<SshChannel>;
  /** Connects to a unix socket on the host; needs AllowStreamLocalForwarding there. */
  unixSocket(path: string): Promise<Duplex>;
  /** Connects from the host to another one; needs AllowTcpForwarding there. */
  tcp(address: string, port: number): Promise<Duplex>;
  /** Resolves when sshd itself answers, whatever the programs on the host do; rejects when the connection is gone. */
  ping(): Promise<void>;
  /** Called once, with why. */
  onClose(listener: (reason: string) => void): void;
  /** Says goodbye and closes. */
  end(): void;
  /** Drops the socket at once, for hosts that no longer answer. */
  destroy(): void;
}
