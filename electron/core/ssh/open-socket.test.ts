import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openSocket } from './open-socket.ts';

test('a host that accepts and resets at once breaks its own socket and nothing else', async () => {
  const server = createServer((socket) => {
    setTimeout(() => socket.resetAndDestroy(), 20);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = await openSocket('127.0.0.1', port, 2000, new AbortController().signal);
  // Nobody listens for errors here, as while keys are still being read.
  socket.resume();
  await sleep(150);
  expect(socket.destroyed).toBe(true);
  server.close();
});
