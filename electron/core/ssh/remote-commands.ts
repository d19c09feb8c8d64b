import type { ExecOptions, ExecResult, Follow } from '../hosts/host-access.ts';
import type { HostScripts, ScriptName, ScriptWord } from '../probes/host-scripts.ts';
import { execOnChannel, followOnChannel } from './exec-channel.ts';
import { FramedShell } from './framed-shell.ts';
import type { SshConnection } from './ssh-connection.ts';

/** A shell that is busy longer than this is not waited for. */
const shellPatienceMs = 50;
const longestForShell = 16 * 1024;

/** All commands of one connection: short ones by the resident shell, the rest on channels of their own. */
export class RemoteCommands {
  readonly #connection: SshConnection;
  readonly #scripts: HostScripts;
  #shell: Promise<FramedShell | null> | null = null;
  #open: FramedShell | null = null;
  #refusedUntil = 0;
  #closed = false;

  constructor(connection: SshConnection, scripts: HostScripts) {
    this.#connection = connection;
    this.#scripts = scripts;
  }

  /** Resolves with how it ended, also for failing commands; rejects with ProblemError for time-out and cancelling. */
  async run(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    if (options.stdin === undefined && command.length <= longestForShell && !command.includes('\0')) {
      const shell = await this.#freeShell();
      if (shell?.alive && !shell.busy) return shell.run(command, options);
    }
    return execOnChannel(this.#connection, this.#scripts, command, options);
  }

  /** Runs one of the host scripts: by the resident shell, which holds them already, else sent along. */
  async script(name: ScriptName, word: ScriptWord, options: ExecOptions): Promise<ExecResult> {
    const shell = await this.#freeShell();
    if (shell?.alive && !shell.busy) return shell.run(this.#scripts.inShell(name, word), options);
    return execOnChannel(this.#connection, this.#scripts, this.#scripts.alone(name, word), options);
  }

  follow(command: string): Promise<Follow> {
    return followOnChannel(this.#connection, this.#scripts, command);
  }

  close(): void {
    this.#closed = true;
    this.#open?.close();
  }

  async #freeShell(): Promise<FramedShell | null> {
    if (this.#open && !this.#open.alive) this.#open = null;
    const shell = this.#open ?? (await this.#start());
    return shell && (await shell.free(shellPatienceMs)) ? shell : null;
  }

  /** Starts the shell; those who ask meanwhile wait for it no longer than for a busy one. */
  #start(): Promise<FramedShell | null> {
    if (this.#closed || performance.now() < this.#refusedUntil) return Promise.resolve(null);
    if (this.#shell) {
      const patience = new Promise<null>((resolve) => setTimeout(resolve, shellPatienceMs, null));
      return Promise.race([this.#shell, patience]);
    }
    this.#shell = FramedShell.open(this.#connection, this.#scripts).then(
      (shell) => {
        this.#shell = null;
        if (this.#closed) shell.close();
        this.#open = this.#closed ? null : shell;
        return this.#open;
      },
      () => {
        this.#shell = null;
        this.#refusedUntil = performance.now() + 60_000;
        return null;
      },
    );
    return this.#shell;
  }
}
