import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { cacheControl, type WindowFiles } from '../launch/window-files.ts';
import { windowHeaders } from '../launch/window-headers.ts';
import type { Log } from '#core/lib/log.ts';
import { Scope } from '#core/lib/scope.ts';
import { linkScheme, readLink } from '#shared/lib/deep-link.ts';
import { maxMessageChars } from '#shared/wire/messages.ts';
import type { Port } from '#shared/wire/port.ts';
import { OwnNames, listenAddress, type Tls } from './binding.ts';
import { enterPage } from './enter-page.ts';
import { pathOf, refusal, type GateOptions, type Refusal } from './gate.ts';
import { Keys } from './keys.ts';
import { listen, makeListener } from './listener.ts';
import { portOverWebSocket } from './port-over-websocket.ts';

/** What the server is made of; `attach` is the core's. */
export interface ServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly tls: Tls | null;
  readonly files: Pick<WindowFiles, 'get'>;
  readonly attach: (port: Port) => void;
  /** What the window shows first, e.g. `/c/demo/fleet`; empty leaves it to the window. */
  readonly view: string;
  /** Told the next link whenever one has been used. */
  readonly onEntered: (nextLink: string) => void;
  readonly log: Log;
}

/** A running server. */
export interface RunningServer {
  readonly port: number;
  /** The link that has not been used yet: good for one browser. */
  link(): string;
  end(): Promise<void>;
}

const maxWindows = 16;
/** A UTF-16 character is at most three bytes of UTF-8. */
const maxMessageBytes = maxMessageChars * 3;

/** Listens and answers the window's files and its Port; rejects with `refused` where it must not listen. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { tls, log, files } = options;
  const address = listenAddress(options.host, tls);
  const server = makeListener(tls);
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: maxMessageBytes });
  const names = new OwnNames(tls);
  const keys = new Keys();
  const scheme = tls ? 'https' : 'http';

  const port = await listen(server, options.port, address);
  const scope = new Scope('serve');
  const gate: GateOptions = { scheme, names, keys, cookieName: `${tls ? '__Host-' : ''}quarterdeck-${port}` };
  const ownName = tls ? (names.first() ?? address) : address;
  const base = `${scheme}://${ownName.includes(':') ? `[${ownName}]` : ownName}:${port}`;
  const link = () => `${base}/enter?token=${keys.linkToken}`;

  const turnAway = (request: IncomingMessage, { status, message }: Refusal) =>
    log.warn('request refused', {
      status,
      message,
      method: request.method,
      path: pathOf(request.url ?? '').slice(0, 200),
    });

  const enter = (request: IncomingMessage, response: ServerResponse) => {
    const token = new URL(request.url ?? '', base).searchParams.get('token') ?? '';
    const session = request.method === 'GET' ? keys.redeem(token) : null;
    if (session === null) {
      const spent: Refusal = {
        status: 401,
        message: 'This link has been used or is not known; a new one was printed.',
      };
      turnAway(request, spent);
      return answerText(response, spent);
    }
    response.setHeader(
      'Set-Cookie',
      `${gate.cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict${tls ? '; Secure' : ''}`,
    );
    answer(response, 200, 'text/html; charset=utf-8', enterPage(options.view), 'no-store');
    options.onEntered(link());
  };

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(windowHeaders)) response.setHeader(name, value);
    const refused = refusal(request, gate, false);
    if (refused) {
      turnAway(request, refused);
      return answerText(response, refused);
    }
    const path = pathOf(request.url ?? '');
    if (path === '/enter') return enter(request, response);
    if (path === '/port') return answerText(response, { status: 426, message: 'Only WebSockets are answered here.' });
    const view = viewOfPath(request.url ?? '');
    if (view !== null) return answer(response, 200, 'text/html; charset=utf-8', enterPage(view), 'no-store');
    const file = files.get(path);
    if (!file) return answer(response, 404, 'text/plain; charset=utf-8', 'There is no such file.\n', 'no-store');
    answer(response, 200, file.type, request.method === 'HEAD' ? null : file.body, cacheControl(file));
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refused = refusal(request, gate, true);
    if (refused || pathOf(request.url ?? '') !== '/port' || sockets.clients.size >= maxWindows) {
      const verdict = refused ?? {
        status: 403 as const,
        message: 'There is no port here, or too many windows are open.',
      };
      turnAway(request, verdict);
      // Past an upgrade the server's own time limits no longer reach the socket.
      setTimeout(() => socket.destroy(), 2_000).unref();
      socket.end(`HTTP/1.1 ${verdict.status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      options.attach(portOverWebSocket(webSocket, scope.child('window')));
    });
  });

  server.on('clientError', (_error, socket) => {
    // A browser opens connections ahead; one it never used is closed without a word, as an answer to nothing would be taken
    // for that to its next request.
    const unused = 'bytesRead' in socket && socket.bytesRead === 0;
    if (socket.writable && !unused)
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
  });

  scope.add(async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    for (const client of sockets.clients) client.terminate();
    await closed;
  });
  return { port, link, end: () => scope.end() };
}

/** The view that a path names, so that `/c/prod/fleet?q=x` opens what a link to it does; null for other paths. */
function viewOfPath(url: string): string | null {
  const read = /^\/(c|add)\//.test(url) ? readLink(`${linkScheme}:/${url}`) : null;
  return read && 'view' in read ? read.view : null;
}

function answerText(response: ServerResponse, { status, message }: Refusal): void {
  if (status === 405) response.setHeader('Allow', 'GET, HEAD');
  // The rest of a refused request is never read.
  response.setHeader('Connection', 'close');
  answer(response, status, 'text/plain; charset=utf-8', `${message}\n`, 'no-store');
}

function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Uint8Array | null,
  cache: string,
): void {
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.setHeader('Cache-Control', cache);
  if (body === null) response.end();
  else response.setHeader('Content-Length', Buffer.byteLength(body)).end(body);
}
