import type { ServerChannel, Session } from 'ssh2';
import type { Process } from '../shell/process.ts';
import { type Login, runOnChannel } from './run-on-channel.ts';

/** Serves one session channel: a command, or an interactive shell; `ended` is called once it is over. */
export function acceptSession(login: Login, session: Session, ended: () => void): void {
  let hasTerminal = false;
  let process: Process | null = null;
  let over = false;
  const end = () => {
    if (!over) ended();
    over = true;
  };
  const begin = (command: string | null, channel: ServerChannel) => {
    channel.on('close', end);
    process = runOnChannel(login, command, channel, hasTerminal);
  };
  session.on('close', end);
  // Requests that want no answer come without the functions that give one.
  const agree = (accept: (() => void) | undefined) => accept?.();
  session.on('pty', (accept) => {
    hasTerminal = true;
    agree(accept);
  });
  session.on('env', (accept) => agree(accept));
  session.on('window-change', (accept) => agree(accept));
  session.on('signal', (accept, _reject, info) => {
    agree(accept);
    const { host } = login;
    if (process) for (const each of host.processes.inGroup(process.group)) each.kill(info.name.replace(/^SIG/, ''));
  });
  session.on('exec', (accept, _reject, info) => begin(info.command, accept()));
  session.on('shell', (accept) => begin(null, accept()));
}
