import { toProblem } from '#shared/contract/problem.ts';
import type { ExecOptions, ExecResult, Follow } from '../hosts/host-access.ts';
import type { HostScripts, Probe } from '../probes/host-scripts.ts';
import { execOnChannel, followOnChannel } from './exec-channel.ts';
import { FramedShell } from './framed-shell.ts';
import { RunningCommand } from './running-command.ts';
import type { SshConnection } from './ssh-connection.ts';

/** A shell that is busy longer than this is not waited for. */
const shellPatienceMs = 50;
const longestForShell = 16 * 1024;
/** A host that runs no resident shell is asked for one again after this. */
const refusedMs = 60_000;
const crowdedWaitMs = 1000;
const crowdedPauseMs = 30;

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
  run(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    const text = options.inShell ?? (options.stdin === undefined ? command : null);
    const fits = text !== null && text.length <= longestForShell && !text.includes('\0');
    return this.#place(fits ? text : null, command, options);
  }

  /** Runs host scripts: by the resident shell, which holds them already, else sent along. */
  probe(probe: Probe, options: ExecOptions): Promise<ExecResult> {
    return this.#place(this.#scripts.inShell(probe), this.#scripts.alone(probe), options);
  }

  follow(command: string): Promise<Follow> {
    return followOnChannel(this.#connection, this.#scripts, command);
  }

  close(): void {
    this.#closed = true;
    this.#open?.close();
  }

  async #place(inShell: string | null, onChannel: string, options: ExecOptions): Promise<ExecResult> {
    const running = new RunningCommand(options);
    void this.#findPlace(running, inShell, onChannel, options.stdin ?? '');
    return running.result;
  }

  async #findPlace(
    running: RunningCommand,
    inShell: string | null,
    onChannel: string,
    stdin: string | Uint8Array,
  ): Promise<void> {
    while (!running.over.aborted) {
      const shell = inShell === null ? null : await this.#freeShell();
      if (running.over.aborted) return;
      // Looked at once more: who waited beside us may have taken it.
      if (inShell !== null && shell?.alive && !shell.busy) {
        shell.run(inShell, running);
        return;
      }
      try {
        await execOnChannel(this.#connection, this.#scripts, onChannel, stdin, running);
        return;
      } catch (error) {
        if (toProblem(error).code !== 'busy') running.failed(error);
        else await this.#makeRoom(inShell !== null);
      }
    }
  }

  /** All channels are held, and the server gives no more: short commands wait for the shell, others take its place. */
  async #makeRoom(forShell: boolean): Promise<void> {
    const shell = this.#open;
    if (shell && (await shell.free(crowdedWaitMs)) && !forShell && !shell.busy) {
      this.#open = null;
      shell.close();
    }
    await new Promise((resolve) => setTimeout(resolve, crowdedPauseMs));
  }

  async #freeShell(): Promise<FramedShell | null> {
    if (this.#open && !this.#open.alive) this.#open = null;
    const shell = this.#open ?? (await this.#start());
    return shell && (await shell.free(shellPatienceMs)) ? shell : null;
  }

  #start(): Promise<FramedShell | null> {
    if (this.#closed || performance.now() < this.#refusedUntil) return Promise.resolve(null);
    this.#shell ??= FramedShell.open(this.#connection, this.#scripts)
      .then(
        (shell) => {
          if (this.#closed) shell.close();
          this.#open = this.#closed ? null : shell;
        },
        (error: unknown) => {
          if (toProblem(error).code !== 'busy') this.#refusedUntil = performance.now() + refusedMs;
        },
      )
      .then(() => {
        this.#shell = null;
        return this.#open;
      });
    return this.#shell;
  }
}
