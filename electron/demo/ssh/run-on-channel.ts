import { StringDecoder } from 'node:string_decoder';
import type { ServerChannel } from 'ssh2';
import { LoginShell } from '../shell/login-shell.ts';
import { Killed, type Process } from '../shell/process.ts';
import { BrokenPipe, Pipe } from '../shell/streams.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';
import { ChannelSink } from './channel-sink.ts';
import { startTerminal } from './terminal.ts';

/** Whose command it is. */
export interface Login {
  readonly host: SimulatedHost;
  readonly user: string;
}

/** Runs a command on a channel as sshd does, or an interactive shell for null; answers its process. */
export function runOnChannel(
  { host, user }: Login,
  command: string | null,
  channel: ServerChannel,
  hasTerminal: boolean,
): Process {
  const process = host.processes.start({ user, command: command ?? '-bash', startedMs: host.now() });
  const output = new ChannelSink(channel, hasTerminal);
  const errors = hasTerminal ? output : new ChannelSink(channel.stderr, false);
  const input = readChannel(channel);
  let open = true;
  channel.on('error', () => {});
  channel.on('close', () => {
    open = false;
    // Nobody could ever see or end what goes on here.
    process.kill('HUP');
    input.close();
    output.gone();
    errors.gone();
  });
  const streams = { input, output, errors };
  const run =
    command === null
      ? startTerminal(host, user, process, streams, hasTerminal)
      : process.until(new LoginShell(host, user).run(command, process, streams));
  const finish = async (tell: () => void) => {
    process.kill('HUP');
    host.processes.ended(process);
    input.close();
    await Promise.all([output.sent(), errors.sent()]);
    if (!open) return;
    tell();
    channel.end();
  };
  run
    .then(
      (code) => finish(() => channel.exit(code)),
      (error: unknown) => finish(() => channel.exit(signalOf(error), false, '')),
    )
    .catch(() => {});
  return process;
}

function signalOf(error: unknown): string {
  if (error instanceof Killed) return error.signal;
  return error instanceof BrokenPipe ? 'PIPE' : 'ABRT';
}

/** What the other side sends, held back while too much of it is unread. */
function readChannel(channel: ServerChannel): Pipe {
  const decoder = new StringDecoder('utf8');
  const input = new Pipe(() => {
    if (channel.isPaused()) channel.resume();
  });
  channel.on('data', (chunk: Buffer) => {
    const text = decoder.write(chunk);
    try {
      if (text !== '') void input.write(text);
    } catch {
      // The command does not read; what it is sent is lost, as in a real pipe.
    }
    if (input.full) channel.pause();
  });
  channel.on('end', () => input.end());
  return input;
}
