import type { Duplex } from 'node:stream';
import { fail, ProblemError, toProblem } from '#shared/contract/problem.ts';
import type { Bus } from '../dbus/bus.ts';
import { connectBus } from '../dbus/connect-bus.ts';
import { channelStream } from '../ssh/channel-stream.ts';
import type { SshConnection } from '../ssh/ssh-connection.ts';

const sockets = ['/run/dbus/system_bus_socket', '/var/run/dbus/system_bus_socket'];
const handshakeMs = 10_000;

/** The host's system bus over its SSH connection: one connection for all who ask, opened anew after it closed. */
export class SystemBus {
  readonly #connection: SshConnection;
  #open: Promise<Bus> | null = null;

  constructor(connection: SshConnection) {
    this.#connection = connection;
  }

  /** Rejects with a ProblemError that says why it cannot be reached. */
  get(): Promise<Bus> {
    if (!this.#open) {
      const opening = this.#connect().then((bus) => {
        bus.onClose(() => this.#forget(opening));
        return bus;
      });
      opening.catch(() => this.#forget(opening));
      this.#open = opening;
    }
    return this.#open;
  }

  close(): void {
    this.#open?.then(
      (bus) => bus.close(),
      () => {},
    );
  }

  #forget(opening: Promise<Bus>): void {
    if (this.#open === opening) this.#open = null;
  }

  /** Forwarding costs the host no process; where sshd forbids it, systemd's own bridge does the same over a channel. */
  async #connect(): Promise<Bus> {
    const ways: (() => Promise<Duplex>)[] = [
      ...sockets.map((path) => () => this.#connection.unixSocket(path)),
      () => this.#connection.exec('exec systemd-stdio-bridge').then(channelStream),
    ];
    let why = '';
    for (const way of ways) {
      try {
        return await connectBus(await way(), { timeoutMs: handshakeMs });
      } catch (error) {
        const problem = toProblem(error);
        if (problem.code === 'permission') throw new ProblemError(problem);
        why ||= problem.message;
      }
    }
    throw fail('unsupported', `the system bus cannot be reached: ${why}`, {
      hint: 'sshd must allow AllowStreamLocalForwarding, or systemd-stdio-bridge must be there.',
    });
  }
}
