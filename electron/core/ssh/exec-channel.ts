import { fail } from '#shared/contract/problem.ts';
import type { Follow } from '../hosts/host-access.ts';
import type { HostScripts } from '../probes/host-scripts.ts';
import { endRemote } from './end-remote.ts';
import { Greeting } from './greeting.ts';
import type { RunningCommand } from './running-command.ts';
import type { ChannelEnd, SshChannel, SshConnection } from './ssh-connection.ts';

type Scripts = Pick<HostScripts, 'exec' | 'kill'>;

/** Runs one command on a channel of its own; rejects when none could be opened. */
export async function execOnChannel(
  connection: SshConnection,
  scripts: Scripts,
  command: string,
  stdin: string | Uint8Array,
  running: RunningCommand,
): Promise<void> {
  const channel = await connection.exec(scripts.exec(command), { signal: running.over });
  const group = greetedGroup(channel, {
    data: (chunk, from) => running.data(chunk, from),
    never: () => running.failed(fail('protocol', 'the host did not run the command by /bin/sh')),
  });
  const kill = () => endRemote(connection, channel, group, (one) => scripts.kill(one));
  if (running.over.aborted) {
    kill();
    return;
  }
  running.runs(kill);
  channel.onEnd((end) => running.end(end));
  if (stdin.length > 0) channel.write(stdin);
  channel.endInput();
}

/** Starts a command whose output is consumed as it comes. */
export async function followOnChannel(connection: SshConnection, scripts: Scripts, command: string): Promise<Follow> {
  const channel = await connection.exec(scripts.exec(command), {});
  let onData: Parameters<Follow['onData']>[0] | null = null;
  let onEnd: Parameters<Follow['onEnd']>[0] | null = null;
  let ended: ChannelEnd | null = null;
  let early: [Buffer, 'stdout' | 'stderr'][] = [];
  const tell = (chunk: Buffer, from: 'stdout' | 'stderr') => {
    if (chunk.length === 0) return;
    if (onData) onData(chunk, from);
    else early.push([chunk, from]);
  };
  const group = greetedGroup(channel, { data: tell, never: () => channel.close() });
  channel.onEnd((end) => {
    ended = end;
    onEnd?.(end);
  });
  return {
    onData: (listener) => {
      onData = listener;
      for (const [chunk, from] of early) listener(chunk, from);
      early = [];
    },
    onEnd: (listener) => {
      onEnd = listener;
      if (ended) listener(ended);
    },
    write: (data) => channel.write(data),
    pause: () => channel.pause(),
    resume: () => channel.resume(),
    close: () => {
      if (!ended) endRemote(connection, channel, group, (one) => scripts.kill(one));
    },
  };
}

interface Greeted {
  data(chunk: Buffer, from: 'stdout' | 'stderr'): void;
  /** The command was not run by our script. */
  never(): void;
}

/** Reads a channel: resolves with the process group that is told first, null when none is; `data` gets the rest. */
function greetedGroup(channel: SshChannel, listener: Greeted): Promise<number | null> {
  const greeting = new Greeting('exec');
  let greeted = false;
  return new Promise((resolve) => {
    channel.onData((chunk, from) => {
      if (from === 'stderr' || greeted) {
        listener.data(chunk, from);
        return;
      }
      try {
        const told = greeting.feed(chunk);
        if (!told) return;
        greeted = true;
        resolve(Number(told.words));
        listener.data(told.rest, 'stdout');
      } catch {
        greeted = true;
        resolve(null);
        listener.never();
      }
    });
    channel.onEnd(() => resolve(null));
  });
}
