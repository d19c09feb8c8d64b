import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request as secureRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type RunningServer, type ServerOptions } from '../../electron/serve/server.ts';
import type { WindowFiles } from '../../electron/launch/window-files.ts';
import { openScopes } from '#core/lib/scope.ts';
import { maxMessageChars } from '#shared/wire/messages.ts';
import type { Port } from '#shared/wire/port.ts';

const page = (body: string) => ({
  body: new TextEncoder().encode(body),
  type: 'text/html; charset=utf-8',
  immutable: false,
});
const files: WindowFiles = new Map([
  ['/', page('the window')],
  ['/index.html', page('the window')],
]);

let running: RunningServer[] = [];
let refused: unknown[] = [];
let printed: string[] = [];
let ports: Port[] = [];

beforeEach(() => {
  [running, refused, printed, ports] = [[], [], [], []];
});
afterEach(async () => {
  await Promise.all(running.map((server) => server.end()));
  expect(openScopes()).toEqual([]);
});

async function start(more: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    files,
    view: '',
    attach: (port) => {
      ports.push(port);
      port.onMessage((text) => port.send(`heard ${text}`));
    },
    onEntered: (link) => void printed.push(link),
    log: { debug() {}, info() {}, error() {}, warn: (message, fields) => void refused.push({ message, ...fields }) },
    ...more,
  });
  running.push(server);
  return server;
}

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Says exactly these bytes on a real socket and reads until the server hangs up or a whole answer is there. */
function say(port: number, text: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(text));
    let all = '';
    const done = () => {
      socket.destroy();
      const [head = '', body = ''] = all.split('\r\n\r\n', 2);
      resolve({ status: Number(head.split(' ')[1] ?? 0), head, body });
    };
    socket.setTimeout(8_000, () => reject(new Error(`no answer to ${text.slice(0, 60)}; had: ${all}`)));
    socket.on('data', (data) => {
      all += data.toString('latin1');
      const length = /content-length: (\d+)/i.exec(all);
      const at = all.indexOf('\r\n\r\n');
      if (length && at >= 0 && all.length >= at + 4 + Number(length[1])) done();
    });
    socket.on('close', done);
    socket.on('error', reject);
  });
}

const get = (server: RunningServer, path: string, headers: Record<string, string> = {}, method = 'GET') =>
  say(
    server.port,
    `${method} ${path} HTTP/1.1\r\n${Object.entries({ Host: `127.0.0.1:${server.port}`, ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
  );

async function enter(server: RunningServer): Promise<string> {
  const { pathname, search } = new URL(server.link());
  const answer = await get(server, pathname + search);
  expect(answer.status).toBe(200);
  return /set-cookie: ([^;]+)/i.exec(answer.head)?.[1] ?? '';
}

function openPort(server: RunningServer, headers: Record<string, string>): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/port`, { headers, perMessageDeflate: true });
    socket.on('open', () => resolve(socket));
    socket.on('error', reject);
  });
}
const origin = (server: RunningServer) => `http://127.0.0.1:${server.port}`;
const nextText = (socket: WebSocket) =>
  new Promise<string>((resolve) => socket.on('message', (data) => resolve((data as Buffer).toString('utf8'))));
const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.on('close', resolve));

test('a link is exchanged once for a HttpOnly SameSite=Strict cookie that opens the window', async () => {
  const server = await start({ view: '/c/demo/fleet?q="y&z' });
  const link = server.link();
  const { pathname, search } = new URL(link);
  const answer = await get(server, pathname + search, { 'Sec-Fetch-Site': 'cross-site' });
  expect(answer.head).toMatch(/set-cookie: quarterdeck-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict\r?$/im);
  expect(answer.body).toContain('url=/#/c/demo/fleet?q=&quot;y&amp;z"');
  expect(printed).toEqual([server.link()]);
  expect(server.link()).not.toBe(link);

  const cookie = /set-cookie: ([^;]+)/i.exec(answer.head)?.[1] ?? '';
  const window = await get(server, '/', { Cookie: `other=1; ${cookie}` });
  expect(window).toMatchObject({ status: 200, body: 'the window' });
  expect(window.head).toMatch(
    /content-security-policy: default-src 'none'; script-src 'self';.*frame-ancestors 'none'/i,
  );
  for (const header of ['x-content-type-options: nosniff', 'referrer-policy: no-referrer', 'x-frame-options: DENY']) {
    expect(window.head.toLowerCase()).toContain(header.toLowerCase());
  }
  expect(window.head).toMatch(/cross-origin-opener-policy: same-origin/i);
  expect(window.head).toMatch(/cross-origin-resource-policy: same-origin/i);
  expect((await get(server, pathname + search)).status).toBe(401);
});

test('without the cookie, with a wrong one, or with the token in its place nothing opens', async () => {
  const server = await start();
  await enter(server);
  const name = `quarterdeck-${server.port}`;
  const token = new URL(server.link()).searchParams.get('token') ?? '';
  for (const cookie of [undefined, `${name}=`, `${name}=${'A'.repeat(43)}`, `${name}=${token}`]) {
    const answer = await get(server, '/', cookie === undefined ? {} : { Cookie: cookie });
    expect(answer.status).toBe(401);
    expect(answer.body).not.toContain('the window');
    expect(answer.head).toMatch(/content-security-policy/i);
  }
  for (const query of ['', '?token=', `?token=${'A'.repeat(43)}`]) {
    const answer = await get(server, `/enter${query}`);
    expect(answer.status).toBe(401);
    expect(answer.head).not.toMatch(/set-cookie/i);
  }
});

test('another name in Host is refused on every path, before the cookie counts (DNS rebinding)', async () => {
  const server = await start();
  const cookie = await enter(server);
  const { pathname, search } = new URL(server.link());
  for (const host of ['evil.example', `evil.example:${server.port}`, '127.0.0.1.evil.example', '0.0.0.0', '']) {
    for (const path of ['/', pathname + search, '/port']) {
      expect((await get(server, path, { Host: host, Cookie: cookie })).status).toBe(403);
    }
  }
  const twice = `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nCookie: ${cookie}\r\n\r\n`;
  expect((await say(server.port, twice)).status).toBeGreaterThanOrEqual(400);
  expect((await say(server.port, `GET / HTTP/1.1\r\nCookie: ${cookie}\r\n\r\n`)).status).toBe(400);
  expect((await get(server, '/', { Host: 'localhost:9', Cookie: cookie })).status).toBe(200);
  expect(refused.length).toBeGreaterThan(15);
});

test('requests that other pages make are refused even with the cookie', async () => {
  const server = await start();
  const cookie = await enter(server);
  for (const headers of [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: `http://127.0.0.1:${server.port + 1}` },
    { Origin: `https://127.0.0.1:${server.port}` },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ]) {
    expect((await get(server, '/', { Cookie: cookie, ...headers })).status).toBe(403);
  }
  expect((await get(server, '/', { Cookie: cookie, Origin: origin(server) })).status).toBe(200);
});

test('no spelling leads out of the window folder', async () => {
  const server = await start();
  const cookie = await enter(server);
  for (const path of [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/..%5cpackage.json',
    '//etc/passwd',
    '/etc/passwd%00.html',
    '/index.html/..',
    '/%69ndex.html',
    '/constructor',
    '/__proto__',
  ]) {
    expect([path, (await get(server, path, { Cookie: cookie })).status]).toEqual([path, 404]);
  }
  expect((await get(server, 'http://evil.example/', { Cookie: cookie })).status).toBe(400);
});

test('a path opens what a link to it does, for who may', async () => {
  const server = await start();
  const cookie = await enter(server);
  const path = '/c/lab/fleet?q=cpu%3E80&layout=honeycomb';
  const answer = await get(server, path, { Cookie: cookie });
  expect(answer.status).toBe(200);
  expect(answer.body).toContain('url=/#/c/lab/fleet?q=cpu%3E80&amp;layout=honeycomb"');
  expect((await get(server, path)).status).toBe(401);
  expect((await get(server, '/c/lab/"><script>', { Cookie: cookie })).status).not.toBe(200);
  expect((await get(server, `/c/lab/fleet?q=${'a'.repeat(7900)}`, { Cookie: cookie })).status).toBe(200);
  expect((await get(server, `/c/lab/fleet?q=${'a'.repeat(8100)}`, { Cookie: cookie })).status).toBe(414);
});

test('other methods, bodies and oversized heads are refused', async () => {
  const server = await start();
  const cookie = await enter(server);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) {
    expect((await get(server, '/', { Cookie: cookie }, method)).status).toBe(405);
  }
  const head = await get(server, '/', { Cookie: cookie }, 'HEAD');
  expect(head.status).toBe(200);
  expect((await get(server, '/', { Cookie: cookie, 'Content-Length': '5000000' })).status).toBe(413);
  expect((await get(server, '/', { Cookie: cookie, 'Transfer-Encoding': 'chunked' })).status).toBe(413);
  expect((await get(server, `/${'a'.repeat(9000)}`, { Cookie: cookie })).status).toBe(414);
  expect((await get(server, '/', { Cookie: cookie, X: 'a'.repeat(20_000) })).status).toBe(400);
  expect((await say(server.port, 'EHLO mail\r\n\r\n')).status).toBe(400);
});

test('a request that is never finished is cut off within seconds', async () => {
  const server = await start();
  const started = Date.now();
  const answer = await say(server.port, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n');
  expect(answer.status).toBe(400);
  expect(Date.now() - started).toBeLessThan(8_000);
});

test('a connection that nothing was ever asked over is closed without an answer', async () => {
  const server = await start();
  const socket = connect(server.port, '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk));
  await new Promise((resolve) => socket.once('close', resolve));
  expect(heard).toBe('');
});

test('the Port needs the cookie, the own origin, the own name and the right path', async () => {
  const server = await start();
  const cookie = await enter(server);
  const own = { Cookie: cookie, Origin: origin(server) };
  const upgrade = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  const status = async (headers: Record<string, string>, path = '/port') =>
    (await get(server, path, { ...upgrade, ...headers })).status;
  expect(await status({ Origin: own.Origin })).toBe(401);
  expect(await status({ Cookie: cookie })).toBe(403);
  expect(await status({ ...own, Origin: 'https://evil.example' })).toBe(403);
  expect(await status({ ...own, Host: 'evil.example', Origin: 'http://evil.example' })).toBe(403);
  expect(await status(own, '/')).toBe(403);
  expect(await status(own, '/enter')).toBe(403);
  expect((await get(server, '/port', own)).status).toBe(426);
  expect(ports).toHaveLength(0);
  const socket = await openPort(server, own);
  expect(socket.extensions).toBe('');
  const heard = nextText(socket);
  socket.send('hello');
  expect(await heard).toBe('heard hello');
  expect(ports).toHaveLength(1);
});

test('a binary or oversized message cuts that window off and no other', async () => {
  const server = await start();
  const own = { Cookie: await enter(server), Origin: origin(server) };
  const [binary, long, huge, good] = await Promise.all([1, 2, 3, 4].map(() => openPort(server, own)));
  if (!binary || !long || !huge || !good) throw new Error('four sockets were opened');
  binary.send(Buffer.from([1, 2, 3]));
  expect(await closed(binary)).toBe(1003);
  long.send('x'.repeat(maxMessageChars + 1));
  expect(await closed(long)).toBe(1009);
  huge.on('error', () => {});
  const unread = new Promise((resolve) => ports[2]?.onClose(resolve));
  huge.send('x'.repeat(3 * maxMessageChars + 1));
  expect(await unread).toMatch(/max payload/i);
  const heard = nextText(good);
  good.send('still here');
  expect(await heard).toBe('heard still here');
});

test('a window that does not read is cut off instead of filling memory', async () => {
  const server = await start();
  const socket = await openPort(server, { Cookie: await enter(server), Origin: origin(server) });
  socket.pause();
  const reason = new Promise((resolve) => ports[0]?.onClose(resolve));
  const text = 'x'.repeat(4_000_000);
  for (let sent = 0; sent < 60; sent++) ports[0]?.send(text);
  expect(await reason).toBe('the window reads too slowly');
  socket.terminate();
});

test('no more than 16 windows at once; ending the server closes them all', async () => {
  const server = await start();
  const own = { Cookie: await enter(server), Origin: origin(server) };
  const sockets = await Promise.all(Array.from({ length: 16 }, () => openPort(server, own)));
  await expect(openPort(server, own)).rejects.toThrow('403');
  const allClosed = Promise.all(sockets.map(closed));
  await server.end();
  await allClosed;
  await expect(openPort(server, own)).rejects.toThrow('ECONNREFUSED');
});

test('other addresses are refused without TLS', async () => {
  await expect(start({ host: '0.0.0.0' })).rejects.toMatchObject({ problem: { code: 'refused' } });
  await expect(start({ host: '::' })).rejects.toMatchObject({ problem: { code: 'refused' } });
});

test('a port that is taken and a certificate that is none are told in words', async () => {
  const { port } = await start();
  await expect(start({ port })).rejects.toMatchObject({ problem: { code: 'busy', hint: 'Choose another --port.' } });
  const tls = { cert: 'no certificate', key: 'no key' };
  await expect(start({ tls })).rejects.toMatchObject({ problem: { code: 'invalid-input' } });
});

test('with a certificate it answers by the names in it, over TLS only, with a Secure cookie', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-tls-'));
  try {
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
        .concat(['-keyout', keyFile, '-out', certFile, '-subj', '/CN=console'])
        .concat(['-addext', 'subjectAltName=DNS:console.example,IP:192.0.2.7']),
      { stdio: 'ignore' },
    );
    const tls = { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
    const server = await start({ host: '0.0.0.0', tls });
    const { origin: printedOrigin, pathname, search } = new URL(server.link());
    expect(printedOrigin).toBe(`https://console.example:${server.port}`);
    const secureGet = (host: string, path: string) =>
      new Promise<{ status: number; cookie: string }>((resolve, reject) => {
        const to = { host: '127.0.0.1', port: server.port, path, ca: tls.cert, servername: 'console.example' };
        secureRequest({ ...to, headers: { host } }, (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode ?? 0, cookie: String(answer.headers['set-cookie'] ?? '') });
        })
          .on('error', reject)
          .end();
      });
    expect((await secureGet('other.example', pathname + search)).status).toBe(403);
    const entered = await secureGet(`console.example:${server.port}`, pathname + search);
    expect(entered.status).toBe(200);
    expect(entered.cookie).toMatch(/^__Host-quarterdeck-\d+=.*; HttpOnly; SameSite=Strict; Secure$/);
    expect((await secureGet('192.0.2.7', '/')).status).toBe(401);
    expect((await get(server, pathname + search).catch(() => ({ status: 0 }))).status).not.toBe(200);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
