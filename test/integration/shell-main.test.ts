import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { windowFolder } from '../../electron/launch/window-files.ts';
import { portChannels } from '../../electron/shell/port-channels.ts';
import { skipUnless } from '#kit/skip.ts';

const root = join(import.meta.dirname, '..', '..');
const standIn = pathToFileURL(join(root, 'test', 'kit', 'electron-stand-in.ts')).href;
const main = pathToFileURL(join(root, 'electron', 'shell', 'main.ts')).href;
const record = z.tuple([z.string()], z.unknown());

let folder = '';
beforeEach(async () => {
  skipUnless(existsSync(join(windowFolder, 'index.html')), 'the window is not built (npm run build)');
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-shell-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the shell's main script with `electron` replaced, to its end; resolves to what it asked for, in order. */
function runShell(words: string[]) {
  const script = `
import { registerHooks } from 'node:module';
registerHooks({ resolve: (name, context, next) => name === 'electron' ? { url: '${standIn}', shortCircuit: true } : next(name, context) });
process.argv.splice(1, process.argv.length, 'main', ...${JSON.stringify(['.', ...words])});
await import('${main}');`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, HOME: folder },
  });
  const asked = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => record.parse(JSON.parse(line)));
  return { asked, names: asked.map(([name]) => name), stderr, status };
}
const folders = () => ['--data-dir', join(folder, 'data'), '--config-dir', join(folder, 'clusters')];

test('what must come before Electron is ready does, everything is locked before the window, and quitting ends the core', () => {
  const { asked, names, stderr, status } = runShell([...folders(), 'quarterdeck://c/prod/fleet']);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(names.slice(0, 5)).toEqual([
    'registerSchemesAsPrivileged',
    'enableSandbox',
    'setPath',
    'requestSingleInstanceLock',
    'ready',
  ]);
  const windowAt = names.indexOf('BrowserWindow');
  for (const name of [
    'handle',
    'setPermissionRequestHandler',
    'setPermissionCheckHandler',
    'setDevicePermissionHandler',
    'setDisplayMediaRequestHandler',
    'onBeforeRequest',
    'setApplicationMenu',
  ]) {
    expect(names.slice(0, windowAt)).toContain(name);
  }
  expect(names[windowAt + 1]).toBe('setWindowOpenHandler');
  expect(asked[windowAt]?.[1]).toMatchObject({
    webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true },
  });
  const load = asked.find(([name]) => name === 'loadURL');
  expect(load).toEqual([
    'loadURL',
    'app://quarterdeck/#/c/prod/fleet',
    200,
    expect.stringContaining("default-src 'none'"),
  ]);

  // Nothing went to the foreign frame; our page was welcomed and got its snapshot.
  const opensAt = names.indexOf('page opens');
  expect(names.slice(0, opensAt)).not.toContain('to page');
  const heard = asked.filter(([name]) => name === 'to page').map(([, channel, text]) => [channel, String(text)]);
  expect(heard).toEqual([
    [portChannels.text, expect.stringContaining('"welcome"')],
    [portChannels.text, expect.stringContaining('"snapshot"')],
    [portChannels.close, expect.any(String)],
  ]);
  expect(names).toContain('will-quit prevented');
  expect(asked.at(-1)).toEqual(['exit', 0]);
});

test('a start that fails is shown in words, not as a stack', async () => {
  await mkdir(join(folder, 'data'), { recursive: true });
  // A file where the data folder should hold a folder.
  await writeFile(join(folder, 'data', 'demo'), '');
  const { asked, status } = runShell([...folders(), '--demo-hosts', '1']);
  expect(status).toBe(1);
  const box = asked.find(([name]) => name === 'showErrorBox');
  expect(box?.[1]).toBe('Quarterdeck could not start');
  expect(String(box?.[2])).toMatch(/demo fleet did not start/);
});
