import { createServer as createPlain, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { Tls } from './binding.ts';

const limits = {
  maxHeaderSize: 16_384,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
};

/** An HTTP or HTTPS server that gives nobody more time, bytes or connections than a window needs. Throws on a certificate or key that cannot be used. */
export function makeListener(tls: Tls | null): Server {
  const server = tls ? makeSecure(tls) : createPlain(limits);
  server.maxConnections = 256;
  server.setTimeout(30_000);
  return server;
}

function makeSecure({ cert, key }: Tls): Server {
  try {
    return createSecure({ ...limits, cert, key, handshakeTimeout: 10_000, minVersion: 'TLSv1.2' });
  } catch (cause) {
    throw fail('invalid-input', `The certificate or its key cannot be used: ${toProblem(cause).message}`);
  }
}

/** Starts listening; resolves to the port. Rejects with `busy` when another program has it. */
export function listen(server: Server, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? fail('busy', `Port ${port} of ${address} is in use by another program`, { hint: 'Choose another --port.' })
          : fail('refused', `Cannot listen on ${address}, port ${port}: ${error.message}`),
      );
    });
    server.listen(port, address, () => resolve((server.address() as AddressInfo).port));
  });
}
