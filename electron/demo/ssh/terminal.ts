import type { CommandStreams } from '../shell/command.ts';
import { runLogin } from '../shell/login-shell.ts';
import { Killed, type Process } from '../shell/process.ts';
import { Pipe } from '../shell/streams.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';

/** An interactive login: a prompt, a line, its command, until `exit` or the end of input. On a terminal what is typed is shown. */
export async function startTerminal(
  host: SimulatedHost,
  user: string,
  shell: Process,
  streams: CommandStreams,
  hasTerminal: boolean,
): Promise<number> {
  const { input, output } = streams;
  const sign = user === 'root' ? '#' : '$';
  const prompt = async () => void (hasTerminal && (await output.write(`${user}@${host.spec.name} ~ ${sign} `)));
  let line = '';
  let status = 0;
  let running: { process: Process; input: Pipe } | null = null;
  let ended: (code: number) => void = () => {};
  const over = new Promise<number>((resolve) => {
    ended = resolve;
  });

  const run = async (command: string) => {
    const process = host.processes.start({ user, command: command.slice(0, 200), startedMs: host.now() });
    const own = { process, input: new Pipe() };
    running = own;
    try {
      status = await process.until(runLogin(host, user, process, command, { ...streams, input: own.input }));
    } catch (error) {
      status = 130;
      if (!(error instanceof Killed)) throw error;
    } finally {
      process.kill('HUP');
      host.processes.ended(process);
      running = null;
    }
    const unread = own.input.takeUnread();
    await prompt();
    // What was typed ahead and not read by the command is for the shell.
    for (const character of unread) await type(character);
  };

  const type = async (character: string) => {
    if (character === '\x03') {
      await output.write('^C\n');
      line = '';
      if (running) running.process.kill('INT');
      else await prompt();
    } else if (character === '\x04' && line === '') {
      if (running) running.input.end();
      else ended(status);
    } else if (character === '\x7f' || character === '\b') {
      if (line !== '') await output.write('\b \b');
      line = line.slice(0, -1);
    } else if (character === '\r' || character === '\n') {
      if (hasTerminal) await output.write('\n');
      const command = line.trim();
      line = '';
      if (running) void running.input.write(`${command}\n`);
      else if (/^(?:exit|logout)\b/.test(command)) ended(Number(command.split(/\s+/)[1] ?? status) & 255);
      else if (command === '') await prompt();
      else if (hasTerminal) void run(command).catch(() => ended(129));
      // A script on standard input runs line by line.
      else await run(command);
    } else if (character >= ' ') {
      line += character;
      if (hasTerminal) await output.write(character);
    }
  };

  const read = async () => {
    await prompt();
    for (let chunk = await input.chunk(); chunk !== null; chunk = await input.chunk()) {
      for (const character of chunk) await type(character);
    }
    if (line !== '') await type('\n');
    ended(status);
  };
  void read().catch(() => ended(129));
  shell.signal.addEventListener('abort', () => running?.process.kill('HUP'), { once: true });
  return shell.until(over);
}
