import { createServer as createPlain, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fail, toProblem } from '#shared/contract/problem.ts';
import { mostOmahaChars } from '#shared/formats/omaha/xml-tree.ts';
import type { Log } from '../../lib/log.ts';
import type { Scope } from '../../lib/scope.ts';
import { AddressLimits } from './address-limits.ts';
import { Payloads, say } from './payloads.ts';

export interface UpdateListenerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** A folder of payload files to hand out, or null. */
  readonly payloads: string | null;
  /** Answers a request's text; rejects with `invalid-input` for what is none. */
  readonly answer: (xml: string, address: string) => Promise<string>;
  /** Why it cannot answer now; null when it can. */
  readonly trouble: () => string | null;
  readonly scope: Scope;
  readonly log: Log;
}

const limits = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 2000,
};
const idleMs = 30_000;
const mostConnections = 512;
const mostAtOnce = 64;
/** A proxy in front is one address for all machines behind it: 5,000 of them ask twice a second. */
const [burst, perSecond] = [300, 20];

/** Listens for machines, and for nothing else: `POST /v1/update`, `GET /healthz`, and payloads where there is a folder of them. */
export async function startUpdateListener(options: UpdateListenerOptions): Promise<{ readonly port: number }> {
  const { scope, log } = options;
  const server = makeServer(options.tls);
  server.maxConnections = mostConnections;
  server.setTimeout(idleMs);
  const addresses = new AddressLimits(burst, perSecond, () => performance.now());
  const payloads = options.payloads === null ? null : new Payloads(options.payloads);
  let now = 0;

  const update = async (request: IncomingMessage, response: ServerResponse, address: string) => {
    if (now >= mostAtOnce) return say(response, 503, 'too busy', { 'retry-after': '30' });
    now++;
    try {
      const xml = await readBody(request);
      const answer = await options.answer(xml, address);
      response.writeHead(200, {
        'content-type': 'text/xml; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      response.end(answer);
    } catch (error) {
      const { code, message } = toProblem(error);
      const bad = code === 'invalid-input';
      log[bad ? 'info' : 'warn']('an update request was not answered', { address, message });
      if (response.headersSent || response.destroyed) return;
      if (bad) say(response, 400, message, { connection: 'close' });
      else say(response, 503, 'the update service cannot answer now', { 'retry-after': '60' });
    } finally {
      now--;
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const { method, headers } = request;
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const close = { connection: 'close' };
    if (!addresses.take(address)) return say(response, 429, 'too many requests', { ...close, 'retry-after': '10' });
    // Machines are no browsers: what a page of some other site sends is not theirs.
    if (headers.origin !== undefined) return say(response, 403, 'not for browsers', close);
    if (path === '/healthz' && method === 'GET') {
      const trouble = options.trouble();
      return trouble === null ? say(response, 200, 'ok') : say(response, 503, trouble);
    }
    if (payloads && path.startsWith('/payloads/')) {
      if (method !== 'GET' && method !== 'HEAD')
        return say(response, 405, 'GET only', { ...close, allow: 'GET, HEAD' });
      return payloads.answer(path.slice('/payloads/'.length), request, response);
    }
    if (path !== '/v1/update' && path !== '/v1/update/') return say(response, 404, 'not here', close);
    if (method !== 'POST') return say(response, 405, 'POST only', { ...close, allow: 'POST' });
    if (!/^(text|application)\/xml\b/i.test(headers['content-type'] ?? ''))
      return say(response, 415, 'text/xml only', close);
    return update(request, response, address);
  };

  server.on('request', (request, response) => {
    handle(request, response).catch((error: unknown) => {
      // Most often the machine went away in the midst of a payload.
      log.info('a request to the update service broke off', { message: toProblem(error).message });
      response.destroy();
    });
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  const port = await listen(server, options.port, options.host);
  scope.add(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { port };
}

function makeServer(tls: UpdateListenerOptions['tls']): Server {
  if (!tls) return createPlain(limits);
  try {
    return createSecure({ ...limits, ...tls, handshakeTimeout: 10_000, minVersion: 'TLSv1.2' });
  } catch (cause) {
    throw fail(
      'invalid-input',
      `The certificate of the update service or its key cannot be used: ${toProblem(cause).message}`,
    );
  }
}

function listen(server: Server, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? fail('busy', `Port ${port} of ${address} is in use by another program`, {
              hint: 'Choose another for --update-service.',
            })
          : fail('refused', `The update service cannot listen on ${address}, port ${port}: ${error.message}`),
      ),
    );
    server.listen(port, address, () => resolve((server.address() as AddressInfo).port));
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const tooLong = () => fail('invalid-input', `more than ${mostOmahaChars} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > mostOmahaChars) throw tooLong();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostOmahaChars) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
