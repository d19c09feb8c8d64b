import type { SimulatedHost } from '../world/simulated-host.ts';
import type { Process } from './process.ts';
import type { Sink, Source } from './streams.ts';

/** What a command reads and writes. */
export interface CommandStreams {
  readonly input: Source;
  readonly output: Sink;
  readonly errors: Sink;
}

/** One call of a command on a simulated host. */
export interface CommandCall extends CommandStreams {
  /** As typed: `sh`, `systemctl` … */
  readonly name: string;
  readonly words: readonly string[];
  readonly host: SimulatedHost;
  readonly user: string;
  readonly process: Process;
  /** The environment; '' for what is not set. */
  variable(name: string): string;
  /** Runs another command in place of this one, perhaps as another user or with other streams. */
  run(
    words: readonly string[],
    change?: Partial<CommandStreams> & { user?: string; process?: Process },
  ): Promise<number>;
}

/** Runs a command; answers its exit code. */
export type CommandRun = (call: CommandCall) => number | Promise<number>;

/** Commands by name. */
export type CommandTable = Readonly<Record<string, CommandRun>>;
