import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import type { Port } from '#shared/wire/port.ts';
import { openWebSocketPort, portUrl } from './web-socket-port.ts';

describe('portUrl', () => {
  it('is on the page’s own origin, encrypted when the page is', () => {
    expect(portUrl({ protocol: 'http:', host: '127.0.0.1:8080' })).toBe('ws://127.0.0.1:8080/port');
    expect(portUrl({ protocol: 'https:', host: 'console.example' })).toBe('wss://console.example/port');
  });
});

describe('openWebSocketPort', () => {
  let server: WebSocketServer;
  let url = '';
  let client: Promise<ServerSocket>;
  let port: Port;

  beforeEach(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    client = new Promise((resolve) => server.once('connection', resolve));
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/port`;
    port = openWebSocketPort(url);
  });
  afterEach(async () => {
    port.close('test over');
    for (const socket of server.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  it('keeps what is said before it is open, and what comes before anyone listens', async () => {
    const heard: string[] = [];
    port.send('hello');
    const socket = await client;
    const said = await new Promise<string>((resolve) =>
      socket.once('message', (data: Buffer) => resolve(data.toString())),
    );
    expect(said).toBe('hello');
    socket.send('one');
    await new Promise((resolve) => setTimeout(resolve, 50));
    port.onMessage((text) => heard.push(text));
    socket.send('two');
    await expect.poll(() => heard).toEqual(['one', 'two']);
  });

  it('tells a cut line from a console that never answered', async () => {
    const cut = new Promise<string>((resolve) => port.onClose(resolve));
    (await client).terminate();
    expect(await cut).toMatch(/was cut/);

    await new Promise((resolve) => server.close(resolve));
    const unanswered = openWebSocketPort(url);
    expect(await new Promise<string>((resolve) => unanswered.onClose(resolve))).toMatch(/does not answer/);
  });

  it('ends a line that sends anything but text', async () => {
    const closed = new Promise<string>((resolve) => port.onClose(resolve));
    (await client).send(Buffer.from([1, 2, 3]));
    expect(await closed).toMatch(/no text/);
  });
});
