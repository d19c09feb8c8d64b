import type { CommandStreams } from '../shell/command.ts';
import { LoginShell } from '../shell/login-shell.ts';
import { Killed, type Process } from '../shell/process.ts';
import { Pipe } from '../shell/streams.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';

/** An interactive login until `exit` or the end of input; answers its exit code. On a terminal what is typed is shown. */
export function startTerminal(
  host: SimulatedHost,
  user: string,
  shell: Process,
  streams: CommandStreams,
  hasTerminal: boolean,
): Promise<number> {
  const terminal = new Terminal(host, user, streams, hasTerminal);
  shell.signal.addEventListener('abort', () => terminal.hangUp(), { once: true });
  return shell.until(terminal.talk());
}

class Terminal {
  readonly #host: SimulatedHost;
  readonly #user: string;
  readonly #streams: CommandStreams;
  readonly #hasTerminal: boolean;
  readonly #login: LoginShell;
  /** What came and was not looked at yet; while a command runs it is the command's. */
  #ahead = '';
  #line = '';
  #status = 0;
  #inputEnded = false;
  #running: { process: Process; input: Pipe } | null = null;
  #end: (code: number) => void = () => {};

  constructor(host: SimulatedHost, user: string, streams: CommandStreams, hasTerminal: boolean) {
    this.#host = host;
    this.#user = user;
    this.#streams = streams;
    this.#hasTerminal = hasTerminal;
    this.#login = new LoginShell(host, user);
  }

  async talk(): Promise<number> {
    const over = new Promise<number>((resolve) => {
      this.#end = resolve;
    });
    this.#prompt();
    void this.#read().catch(() => this.#end(129));
    return over;
  }

  hangUp(): void {
    this.#running?.process.kill('HUP');
  }

  async #read(): Promise<void> {
    const { input } = this.#streams;
    for (let chunk = await input.chunk(); chunk !== null; chunk = await input.chunk()) {
      this.#ahead += chunk;
      this.#look();
    }
    this.#inputEnded = true;
    this.#ahead += this.#line === '' ? '' : '\n';
    this.#look();
  }

  /** Takes what came, a character at a time. */
  #look(): void {
    while (this.#ahead !== '') {
      if (this.#running && !this.#hasTerminal) {
        void this.#running.input.write(this.#ahead);
        this.#ahead = '';
        break;
      }
      const [character = ''] = this.#ahead;
      this.#ahead = this.#ahead.slice(character.length);
      this.#take(character);
    }
    if (!this.#inputEnded) return;
    if (this.#running) this.#running.input.end();
    else this.#end(this.#status);
  }

  #take(character: string): void {
    if (character === '\x03') {
      this.#write('^C\n');
      this.#line = '';
      if (this.#running) this.#running.process.kill('INT');
      else this.#prompt();
    } else if (character === '\x04' && this.#line === '') {
      if (this.#running) this.#running.input.end();
      else this.#end(this.#status);
    } else if (character === '\x7f' || character === '\b') {
      if (this.#line !== '') this.#write('\b \b');
      this.#line = this.#line.slice(0, -1);
    } else if (character === '\r' || character === '\n') {
      this.#write('\n');
      const line = this.#line;
      this.#line = '';
      if (this.#running) void this.#running.input.write(`${line}\n`);
      else this.#enter(line.trim());
    } else if (character >= ' ') {
      this.#line += character;
      this.#write(character);
    }
  }

  #enter(command: string): void {
    if (/^(?:exit|logout)\b/.test(command)) {
      this.#end(Number(command.split(/\s+/)[1] ?? this.#status) & 255);
    } else if (command === '') this.#prompt();
    else void this.#run(command).catch(() => this.#end(129));
  }

  async #run(command: string): Promise<void> {
    const process = this.#host.processes.start({ user: this.#user, command, startedMs: this.#host.now() });
    const input = new Pipe();
    this.#running = { process, input };
    try {
      const streams = { ...this.#streams, input };
      this.#status = await process.until(this.#login.run(command, process, streams));
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      this.#status = 130;
    } finally {
      process.kill('HUP');
      this.#host.processes.ended(process);
      this.#running = null;
    }
    // What was typed ahead and not read by the command is for the shell.
    this.#ahead = input.takeUnread() + this.#ahead;
    this.#prompt();
    this.#look();
  }

  #prompt(): void {
    this.#write(`${this.#user}@${this.#host.spec.name} ~ ${this.#user === 'root' ? '#' : '$'} `);
  }

  #write(text: string): void {
    // Little enough not to wait for room.
    if (this.#hasTerminal) void this.#streams.output.write(text);
  }
}
