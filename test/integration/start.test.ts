import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { skipUnless } from '#kit/skip.ts';

const root = join(import.meta.dirname, '..', '..');

let folder = '';
const ends: (() => Promise<void>)[] = [];
beforeEach(async () => {
  skipUnless(process.platform === 'linux', 'npm start is tried with stand-in programs that are shell scripts');
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-start-'));
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await rm(folder, { recursive: true, force: true });
});

/** npm start's script with its own home, without a display unless one is named. */
function start(words: string[], env: Record<string, string> = {}) {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...rest } = process.env;
  const child = spawn(
    process.execPath,
    [join(root, 'resources', 'tasks', 'start.mjs'), '--data-dir', join(folder, 'data'), ...words],
    {
      cwd: root,
      env: {
        ...rest,
        HOME: folder,
        XDG_CONFIG_HOME: join(folder, 'config'),
        ELECTRON_OVERRIDE_DIST_PATH: folder,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const exit = once(child, 'exit');
  ends.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exit;
  });
  const says = async (pattern: RegExp) => {
    for (let waited = 0; waited < 60_000; waited += 50) {
      const match = pattern.exec(output);
      if (match) return match;
      if (child.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error(`npm start never said ${pattern}: ${output}`);
  };
  return { child, exit, says, output: () => output };
}

async function standIn(name: string, script: string): Promise<string> {
  const file = join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

const answers = (link: string) =>
  fetch(link).then(
    (answer) => answer.status,
    () => 0,
  );

test('without a display it prints the link, and Ctrl-C ends everything', async () => {
  const { child, exit, says } = start([]);
  const link = (await says(/(http:\S+)/))[1] ?? '';
  expect(await answers(link)).toBe(200);
  child.kill('SIGINT');
  expect(await exit).toEqual([0, null]);
  expect(await answers(link)).toBe(0);
});

test('a browser gets the link by a private file, not by its command line; closing its window ends the console', async () => {
  const browser = await standIn(
    'browser',
    `printf '%s\\n' "$@" >"${folder}/words"; while [ ! -e "${folder}/close" ]; do sleep 0.1; done`,
  );
  const { exit, says } = start(['--browser'], { DISPLAY: ':99', QUARTERDECK_BROWSER: browser });
  await says(/is open in a window of/);
  while (!existsSync(join(folder, 'words'))) await sleep(50);
  const words = await readFile(join(folder, 'words'), 'utf8');
  expect(words).not.toMatch(/token|http:/);
  const page = /^--app=file:\/\/(\S+)$/m.exec(words)?.[1] ?? '';
  expect((await stat(page)).mode & 0o077).toBe(0);
  const link = /url=([^"]+)"/.exec(await readFile(page, 'utf8'))?.[1] ?? '';
  expect(await answers(link)).toBe(200);
  await writeFile(join(folder, 'close'), '');
  expect(await exit).toEqual([0, null]);
  expect(await answers(link)).toBe(0);
});

test('an Electron that cannot run does not keep the console from opening', async () => {
  await standIn('electron', 'exit 133');
  const { says } = start([], { DISPLAY: ':99', QUARTERDECK_BROWSER: '/nowhere/chromium' });
  await says(/Electron ended with code 133; opening a browser window instead/);
  const link = (await says(/Open: (http:\S+)/))[1] ?? '';
  expect(await answers(link)).toBe(200);
});

test('an Electron that runs is all there is: no server beside it', async () => {
  await standIn('electron', `printf '%s\\n' "$@" >"${folder}/words"`);
  const { exit, output } = start(['--demo-hosts', '3'], { DISPLAY: ':99' });
  expect(await exit).toEqual([0, null]);
  const words = (await readFile(join(folder, 'words'), 'utf8')).trim().split('\n');
  expect(words.slice(-2)).toEqual(['--demo-hosts', '3']);
  expect(words).toContain(root);
  expect(output()).not.toMatch(/http:/);
});
