import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2';
import type { SimulatedHost } from '../world/simulated-host.ts';
import { connectSystemBus } from '../systemd/system-bus.ts';
import { joinWrites, keepCipherKeys } from './cheap-packets.ts';
import { acceptSession } from './session.ts';

/** sshd's MaxSessions. */
const mostSessions = 10;
const busPaths = new Set(['/run/dbus/system_bus_socket', '/var/run/dbus/system_bus_socket']);
const neverMs = 0x7fff_ffff;

export interface HostServerOptions {
  /** Text of the host's private key. */
  readonly hostKey: string;
  /** Whose logins are accepted. */
  readonly clientKey: ParsedKey;
  readonly users: readonly string[];
}

/** One simulated host on a loopback port of its own. */
export class HostServer {
  readonly #host: SimulatedHost;
  readonly #options: HostServerOptions;
  readonly #tcp: TcpServer;
  readonly #sockets = new Set<Socket>();
  /** Made with the first connection: parsing 2,000 keys at the start would delay everybody. */
  #ssh: InstanceType<typeof ssh2.Server> | null = null;
  readonly #forget: () => void;

  constructor(host: SimulatedHost, options: HostServerOptions) {
    this.#host = host;
    this.#options = options;
    this.#tcp = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#forget = host.onNetwork(() => this.#followNetwork());
  }

  /** Listens on a free port of 127.0.0.1 and answers it. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#tcp.once('error', reject);
      this.#tcp.listen({ port: 0, host: '127.0.0.1', backlog: 64 }, () => {
        const address = this.#tcp.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  }

  close(): void {
    this.#forget();
    this.#tcp.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Cut off: whatever is sent waits, as packets that are sent again and again. Off: those who were there are gone. */
  #followNetwork(): void {
    for (const socket of this.#sockets) {
      if (this.#host.network === 'off') socket.destroy();
      else if (this.#host.network === 'cut') hold(socket);
      else release(socket);
    }
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
    joinWrites(socket);
    this.#ssh ??= this.#makeServer();
    if (this.#host.network === 'up') {
      this.#ssh.injectSocket(socket);
      return;
    }
    // The kernel has answered for us; beyond that there is silence until the host is back.
    socket.cork();
    this.#ssh.injectSocket(socket);
    // ssh2 begins to read once its own preparations are done.
    setImmediate(() => {
      if (this.#host.network !== 'up') socket.pause();
    });
  }

  #makeServer(): InstanceType<typeof ssh2.Server> {
    const { hostKey } = this.#options;
    const ident = this.#host.spec.release.opensshBanner;
    // Without this each connection would have a timer for questions that nobody needs.
    const config = { hostKeys: [hostKey], ident, keepaliveInterval: neverMs };
    return new ssh2.Server(config, (connection) => this.#connected(connection));
  }

  #connected(connection: Connection): void {
    let user = '';
    let sessions = 0;
    connection.on('error', () => {});
    connection.on('handshake', () => keepCipherKeys(connection));
    connection.on('authentication', (context) => {
      user = context.username;
      if (this.#mayLogIn(context)) context.accept();
      else context.reject(['publickey']);
    });
    connection.on('session', (accept, reject) => {
      if (sessions >= mostSessions) {
        reject();
        return;
      }
      sessions++;
      acceptSession({ host: this.#host, user }, accept(), () => sessions--);
    });
    connection.on('openssh.streamlocal', (accept, reject, info) => {
      if (busPaths.has(info.socketPath)) connectSystemBus(this.#host, user, accept());
      else reject();
    });
  }

  #mayLogIn(context: AuthContext): boolean {
    const { clientKey, users } = this.#options;
    if (context.method !== 'publickey' || !users.includes(context.username)) return false;
    const { key, signature, blob, hashAlgo } = context;
    if (key.algo !== clientKey.type || !key.data.equals(clientKey.getPublicSSH())) return false;
    if (!signature) return true;
    return blob !== undefined && clientKey.verify(blob, signature, hashAlgo) === true;
  }
}

function hold(socket: Socket): void {
  socket.pause();
  socket.cork();
}

function release(socket: Socket): void {
  socket.uncork();
  socket.resume();
}
