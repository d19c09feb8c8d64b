import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { fail, type ProblemError } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { ChannelSlots } from './channel-slots.ts';
import type { ChannelEnd, ConnectionAbout, SshChannel, SshConnection } from './ssh-connection.ts';

/** sshd's MaxSessions is 10 by default; two are left for kills and for others who share the connection. */
const mostSessions = 8;
const mostReserved = 2;

/** Wraps a client that has logged in. */
export function openConnection(client: Client, socket: Duplex, about: ConnectionAbout): SshConnection {
  const slots = new ChannelSlots(mostSessions);
  const reserve = new ChannelSlots(mostReserved, 0);
  const closeListeners: ((reason: string) => void)[] = [];
  let closed: string | null = null;
  let lastError = '';
  client.on('error', (error) => {
    lastError = cleanLine(error.message, 200);
  });
  client.once('close', () => {
    closed = lastError || 'the host closed the connection';
    slots.refuseAll(closed);
    reserve.refuseAll(closed);
    for (const listener of closeListeners.splice(0)) listener(closed);
  });
  const lost = (): ProblemError => fail('lost', `the connection is gone: ${closed}`);

  /** Listens to the channel before its opening is told on: its end may stand in the same packet. */
  const open = (command: string, release: () => void): Promise<SshChannel> =>
    new Promise((resolve, reject) => {
      if (closed !== null) {
        reject(lost());
        return;
      }
      try {
        client.exec(command, (error, channel) => (error ? reject(error) : resolve(wrap(channel, release))));
      } catch {
        reject(lost());
      }
    });

  return {
    about,
    get channels() {
      return slots.used;
    },
    exec: async (command, { signal, reserved = false } = {}) => {
      if (reserved) {
        await reserve.take(signal);
        try {
          return await open(command, () => reserve.release());
        } catch (error) {
          reserve.release();
          throw error;
        }
      }
      for (;;) {
        await slots.take(signal);
        try {
          return await open(command, () => slots.release());
        } catch (error) {
          const refused = typeof (error as { reason?: unknown }).reason === 'number';
          const again = refused && slots.shrink();
          slots.release();
          if (again) continue;
          if (closed !== null) throw lost();
          throw fail('refused', `the host opened no channel: ${cleanLine((error as Error).message, 200)}`, {
            hint: 'MaxSessions or a forced command in its sshd_config may forbid it.',
          });
        }
      }
    },
    unixSocket: (path) =>
      new Promise((resolve, reject) => {
        if (closed !== null) {
          reject(lost());
          return;
        }
        client.openssh_forwardOutStreamLocal(path, (error, stream) => {
          if (error) reject(fail('refused', `${path} could not be reached: ${cleanLine(error.message, 200)}`));
          else resolve(stream);
        });
      }),
    tcp: (address, port) =>
      new Promise((resolve, reject) => {
        if (closed !== null) {
          reject(lost());
          return;
        }
        client.forwardOut('127.0.0.1', 0, address, port, (error, stream) => {
          if (error) reject(fail('unreachable', cleanLine(error.message, 200)));
          else resolve(stream);
        });
      }),
    ping: () =>
      new Promise((resolve, reject) => {
        try {
          // The end of a forwarding that never was: sshd refuses by itself, which is all that is wanted of it.
          client.unforwardIn('127.0.0.1', 1, (error) => {
            if (error && !error.message.startsWith('Unable to unbind')) reject(lost());
            else resolve();
          });
        } catch {
          reject(lost());
        }
      }),
    onClose: (listener) => {
      if (closed !== null) listener(closed);
      else closeListeners.push(listener);
    },
    end: () => {
      client.end();
      socket.end();
    },
    destroy: () => {
      client.destroy();
      socket.destroy();
    },
  };
}

function wrap(channel: ClientChannel, release: () => void): SshChannel {
  let end: ChannelEnd | null = null;
  let exitCode: number | null = null;
  let signal: string | null = null;
  const endListeners: ((end: ChannelEnd) => void)[] = [];
  channel.on('exit', (code: number | null, name?: string) => {
    exitCode = code;
    signal = name ?? null;
  });
  channel.on('error', () => {});
  // Each of the two streams closes when its last output was read; either may be the later one.
  let open = 2;
  const closed = () => {
    open--;
    if (open > 0) return;
    release();
    end = { exitCode, signal, lost: exitCode === null && signal === null };
    for (const listener of endListeners.splice(0)) listener(end);
  };
  channel.once('close', closed);
  channel.stderr.once('close', closed);
  return {
    onData: (listener) => {
      channel.on('data', (chunk: Buffer) => listener(chunk, 'stdout'));
      channel.stderr.on('data', (chunk: Buffer) => listener(chunk, 'stderr'));
    },
    onEnd: (listener) => {
      if (end) listener(end);
      else endListeners.push(listener);
    },
    write: (data) => {
      if (!channel.writableEnded && !channel.destroyed) channel.write(data);
    },
    endInput: () => {
      channel.end();
    },
    pause: () => {
      channel.pause();
      channel.stderr.pause();
    },
    resume: () => {
      channel.resume();
      channel.stderr.resume();
    },
    signal: (name) => {
      channel.signal(name);
    },
    close: () => {
      // Unread output would hold back the close event.
      channel.removeAllListeners('data');
      channel.stderr.removeAllListeners('data');
      channel.resume();
      channel.stderr.resume();
      channel.close();
    },
  };
}
