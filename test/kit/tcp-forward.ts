import { connect, createServer, type Socket } from 'node:net';
import type { Scope } from '#core/lib/scope.ts';

/** A TCP forward to a server that can be cut, or fall silent without a word as a pulled cable does. */
export interface Forward {
  readonly url: string;
  /** Breaks every connection; new ones work. */
  cut(): void;
  /** Breaks every connection after exactly so many more bytes from the server: in the middle of what it was saying. */
  cutAfter(bytes: number): void;
  /** While true nothing passes either way, and new connections are taken but not served. */
  silent(silent: boolean): void;
  /** While true new connections are refused. */
  close(closed: boolean): Promise<void>;
}

export async function startForward(scope: Scope, target: string): Promise<Forward> {
  const { protocol, hostname, port } = new URL(target);
  const pairs = new Set<[Socket, Socket]>();
  let silent = false;
  let bytesLeft = Infinity;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    const pump = (from: Socket, to: Socket, pass: (chunk: Buffer) => Buffer | null) => {
      from.on('data', (chunk) => {
        const passed = to.writable ? pass(chunk) : null;
        if (passed) to.write(passed);
      });
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
      from.on('error', () => {});
    };
    pump(near, far, (chunk) => chunk);
    pump(far, near, (chunk) => {
      const passed = chunk.subarray(0, bytesLeft);
      bytesLeft -= passed.length;
      if (bytesLeft > 0) return passed;
      bytesLeft = Infinity;
      near.end(passed);
      setImmediate(cut);
      return null;
    });
    if (silent) for (const socket of pair) socket.pause();
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const address = server.address();
  const own = typeof address === 'object' && address ? address.port : 0;
  const cut = () => pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      cut();
    });
  scope.add(close);
  return {
    url: `${protocol}//127.0.0.1:${own}`,
    cut,
    cutAfter(bytes) {
      bytesLeft = bytes;
    },
    silent(next) {
      silent = next;
      for (const socket of [...pairs].flat()) {
        if (next) socket.pause();
        else socket.resume();
      }
    },
    close: (closed) => (closed ? close() : listen(own)),
  };
}
