import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { windowFolder } from '../../electron/launch/window-files.ts';
import { portOverWebSocket } from '../../electron/serve/port-over-websocket.ts';
import { Scope } from '#core/lib/scope.ts';
import { skipUnless } from '#kit/skip.ts';
import { openView } from '#kit/view.ts';
import { coreMessage, protocolVersion } from '#shared/wire/messages.ts';

const program = join(import.meta.dirname, '..', '..', 'electron', 'serve', 'main.ts');

let folder = '';
let child: ChildProcessByStdio<Writable, Readable, Readable> | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-serve-'));
});
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  child = null;
  await rm(folder, { recursive: true, force: true });
});

/** The program as a person starts it, with its own folders. */
function start(words: string[] = [], env: Record<string, string> = {}) {
  const folders = ['--data-dir', join(folder, 'data'), '--config-dir', join(folder, 'clusters')];
  const started = spawn(process.execPath, [program, '--print-url', '--end-with-input', ...folders, ...words], {
    env: { ...process.env, HOME: folder, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child = started;
  let errors = '';
  started.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const lines = createInterface(started.stdout);
  return { started, lines, errors: () => errors, exit: once(started, 'exit') };
}
const nextLine = async (lines: Interface) => z.tuple([z.string()]).parse(await once(lines, 'line'))[0];

async function needsWindow() {
  const built = await readdir(windowFolder).catch((): string[] => []);
  skipUnless(built.includes('index.html'), 'the window is not built (npm run build)');
}

test('prints a link that leads to the core, and the next link when that one is used; SIGTERM ends it cleanly', async () => {
  await needsWindow();
  const { started, lines, exit, errors } = start([], { QUARTERDECK_VAULT_PASSPHRASE: 'words' });
  const link = new URL(await nextLine(lines));
  const second = nextLine(lines);
  const entered = await fetch(link);
  expect(entered.status).toBe(200);
  expect(new URL(await second).searchParams.get('token')).not.toBe(link.searchParams.get('token'));

  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await fetch(`${link.origin}/`, { headers: { cookie } });
  expect(await page.text()).toMatch(/<!doctype html>/i);
  const socket = new WebSocket(`ws://${link.host}/port`, { headers: { cookie, origin: link.origin } });
  const types: string[] = [];
  const snapshot = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const message = coreMessage.parse(JSON.parse((data as Buffer).toString('utf8')));
      types.push(message.type);
      if (message.type === 'snapshot') resolve();
    });
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'hello', protocol: protocolVersion, cluster: null }));
  await snapshot;
  expect(types).toEqual(['welcome', 'snapshot']);

  const closed = once(socket, 'close');
  started.kill('SIGTERM');
  await closed;
  expect(await exit).toEqual([0, null]);
  expect(errors()).toBe('');
});

test('ends when its starter is gone', async () => {
  await needsWindow();
  const { started, lines, exit } = start();
  await nextLine(lines);
  started.stdin.end();
  expect(await exit).toEqual([0, null]);
});

test('keeps its data where nobody else can read it', async () => {
  await needsWindow();
  const { started, lines, exit } = start();
  await nextLine(lines);
  started.kill('SIGINT');
  expect(await exit).toEqual([0, null]);
  expect((await stat(join(folder, 'data'))).mode & 0o077).toBe(0);
  expect(['clusters', 'data']).toEqual(expect.arrayContaining(await readdir(folder)));
});

test.each([
  [['--host', '0.0.0.0'], /does not listen on 0\.0\.0\.0 without TLS[\s\S]*ssh -L/],
  [['--port', 'x'], /--port is a whole number/],
  [['--tls-cert', 'no.pem', '--tls-key', 'no.pem'], /Cannot read no\.pem/],
  [['--unknown'], /--unknown[\s\S]*--help/],
])('%j is refused in words, with exit code 1', async (words, expected) => {
  const { exit, errors } = start(words);
  expect(await exit).toEqual([1, null]);
  expect(errors()).toMatch(expected);
  expect(errors()).not.toMatch(/ {4}at /);
});

test('a wrong vault passphrase is told instead of losing what is in the vault', async () => {
  await needsWindow();
  const { openFileVault } = await import('../../electron/serve/file-vault.ts');
  await (await openFileVault(join(folder, 'data', 'vault.json'), 'right')).set('a', 'b');
  const { exit, errors } = start([], { QUARTERDECK_VAULT_PASSPHRASE: 'wrong' });
  expect(await exit).toEqual([1, null]);
  expect(errors()).toMatch(/passphrase does not open/);
});

test('a broken cluster file does not keep it from starting', async () => {
  await needsWindow();
  const { mkdir } = await import('node:fs/promises');
  await mkdir(join(folder, 'clusters'), { mode: 0o700 });
  await writeFile(join(folder, 'clusters', 'bad.yaml'), 'name: [', { mode: 0o600 });
  const { lines } = start();
  expect(await nextLine(lines)).toMatch(/^http:/);
});

test('what a person likes is there at the next start, from another port, in the first page and for every window', async () => {
  await needsWindow();
  const enter = async (lines: Interface) => {
    const link = new URL(await nextLine(lines));
    const cookie = (await fetch(link)).headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await (await fetch(`${link.origin}/`, { headers: { cookie } })).text();
    const socket = new WebSocket(`ws://${link.host}/port`, { headers: { cookie, origin: link.origin } });
    await once(socket, 'open');
    return { port: link.port, page, view: openView(() => portOverWebSocket(socket, new Scope('window')), null) };
  };
  const first = start();
  const before = await enter(first.lines);
  expect(before.page).toContain('&quot;theme&quot;:&quot;system&quot;');
  expect(before.page).not.toContain('data-theme');
  await before.view.until('app', '', 'preferences', ({ theme }) => theme === 'system');
  await before.view.link.call('preferences.save', { theme: 'light', fleetColumns: [{ id: 'cpu', width: 90 }] });
  await before.view.until('app', '', 'preferences', ({ theme }) => theme === 'light');
  await expect(before.view.link.call('preferences.save', { detailWidth: -1 })).rejects.toMatchObject({
    problem: { code: 'invalid-input' },
  });
  before.view.end();
  first.started.kill('SIGTERM');
  await first.exit;

  const after = await enter(start(['--port', '0']).lines);
  expect(after.port).not.toBe(before.port);
  expect(after.page).toMatch(/<html data-theme="light"/);
  const kept = await after.view.until('app', '', 'preferences', () => true);
  expect(kept).toMatchObject({ theme: 'light', detailWidth: 420, fleetColumns: [{ id: 'cpu', width: 90 }] });
  after.view.end();
});
