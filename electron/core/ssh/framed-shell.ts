import { randomBytes } from 'node:crypto';
import { fail } from '#shared/contract/problem.ts';
import type { HostScripts } from '../probes/host-scripts.ts';
import { endRemote } from './end-remote.ts';
import { Greeting } from './greeting.ts';
import { MarkScanner } from './mark-scanner.ts';
import type { RunningCommand } from './running-command.ts';
import type { ChannelEnd, SshChannel, SshConnection } from './ssh-connection.ts';

/** A shell reads a line byte by byte, at about half a microsecond each. */
const longestByLines = 4096;

interface Turn {
  readonly running: RunningCommand;
  exitCode: number | null;
  stderrEnded: boolean;
}

/** A resident `/bin/sh` that runs one command after another: one packet out, one answer back, no process but the command's. */
export class FramedShell {
  readonly #connection: SshConnection;
  readonly #channel: SshChannel;
  readonly #scripts: HostScripts;
  readonly #group: number;
  readonly #stdout: MarkScanner;
  readonly #stderr: MarkScanner;
  #turn: Turn | null = null;
  #ended: ChannelEnd | null = null;
  readonly #waiting = new Set<() => void>();

  private constructor(
    connection: SshConnection,
    channel: SshChannel,
    scripts: HostScripts,
    mark: string,
    group: number,
  ) {
    this.#connection = connection;
    this.#channel = channel;
    this.#scripts = scripts;
    this.#group = group;
    this.#stdout = new MarkScanner(mark);
    this.#stderr = new MarkScanner(mark);
  }

  /** Rejects with ProblemError when the host runs no such shell. */
  static async open(connection: SshConnection, scripts: HostScripts, startMs = 20_000): Promise<FramedShell> {
    const mark = randomBytes(16).toString('hex');
    const channel = await connection.exec(scripts.shell(mark), {});
    const greeting = new Greeting('shell');
    return new Promise((resolve, reject) => {
      let shell: FramedShell | null = null;
      const refuse = (why: string) => {
        clearTimeout(timer);
        channel.close();
        reject(fail('unsupported', `the host runs no /bin/sh for the console: ${why}`));
      };
      const timer = setTimeout(() => refuse('no greeting in time'), startMs);
      channel.onData((chunk, from) => {
        if (shell) {
          shell.#read(chunk, from);
          return;
        }
        if (from === 'stderr') return;
        try {
          const greeted = greeting.feed(chunk);
          if (!greeted) return;
          clearTimeout(timer);
          shell = new FramedShell(connection, channel, scripts, mark, Number(greeted.words));
          resolve(shell);
        } catch {
          refuse('it talks of something else');
        }
      });
      channel.onEnd((end) => {
        if (shell) shell.#end(end);
        else refuse('it ended at once');
      });
    });
  }

  /** False once it ended: open another one. */
  get alive(): boolean {
    return this.#ended === null;
  }

  get busy(): boolean {
    return this.#turn !== null;
  }

  /** Waits until no command runs, at most `ms`; true when free. */
  async free(ms: number): Promise<boolean> {
    if (!this.alive || !this.busy) return this.alive;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(wake);
        resolve();
      }, ms);
      const wake = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.add(wake);
    });
    return this.alive && !this.busy;
  }

  /** Runs one command; must be free. Ending the command before its time ends the whole shell. */
  run(command: string, running: RunningCommand): void {
    running.runs(() => this.kill());
    this.#turn = { running, exitCode: null, stderrEnded: false };
    // Longer ones are read by a program, which costs a process; nothing follows that it could read by mistake.
    const bytes = Buffer.byteLength(command);
    const frame = bytes > longestByLines ? `bytes ${bytes}\n` : `${command.split('\n').length}\n`;
    this.#channel.write(bytes > longestByLines ? frame + command : `${frame}${command}\n`);
  }

  kill(): void {
    if (this.#ended) return;
    this.#ended = { exitCode: null, signal: 'TERM', lost: false };
    const group = Promise.resolve(this.#group);
    endRemote(this.#connection, this.#channel, group, (one) => this.#scripts.kill(one));
    this.#over();
  }

  close(): void {
    this.#ended ??= { exitCode: null, signal: null, lost: true };
    this.#channel.endInput();
    this.#channel.close();
  }

  #read(chunk: Buffer, from: 'stdout' | 'stderr'): void {
    const turn = this.#turn;
    const { data, ending } = (from === 'stdout' ? this.#stdout : this.#stderr).feed(chunk);
    // Nothing runs between two commands: what comes then was left behind by one that is over.
    if (!turn) return;
    turn.running.data(data, from);
    if (ending === null) return;
    if (from === 'stderr') turn.stderrEnded = true;
    else turn.exitCode = /^ \d{1,3}$/.test(ending) ? Number(ending) : -1;
    if (turn.exitCode === null || !turn.stderrEnded) return;
    if (turn.exitCode < 0) turn.running.failed(fail('protocol', 'the resident shell answered nonsense'));
    else turn.running.end({ exitCode: turn.exitCode, signal: null, lost: false });
    this.#over();
  }

  #end(end: ChannelEnd): void {
    this.#ended ??= end;
    const turn = this.#turn;
    if (turn) {
      turn.running.data(this.#stdout.rest(), 'stdout');
      turn.running.data(this.#stderr.rest(), 'stderr');
      turn.running.end(end);
    }
    this.#over();
  }

  #over(): void {
    this.#turn = null;
    // The first to wake takes the shell; those behind it, still waiting or not, look again.
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
