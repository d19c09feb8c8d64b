import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { skipUnless } from '#kit/skip.ts';

const root = join(import.meta.dirname, '..', '..');

/** Where Electron's binary is, or null: its npm package does not contain it. */
function electronBinary(): string | null {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const file = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name);
  return existsSync(file) ? file : null;
}

const binary = electronBinary();
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

let dataDir = '';
beforeEach(async () => {
  skipUnless(binary, 'no Electron binary here: its npm package fetches it from GitHub, which cannot be reached');
  skipUnless(hasDisplay, 'Electron needs a display; run under xvfb-run');
  dataDir = await mkdtemp(join(tmpdir(), 'quarterdeck-electron-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('the app opens its window over app://, talks to the core, and gives the page nothing of Node', async () => {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await electron.launch({
    executablePath: binary ?? '',
    args: [...sandbox, root, '--data-dir', dataDir, '--config-dir', join(dataDir, 'clusters')],
  });
  try {
    const page = await app.firstWindow();
    await page.waitForLoadState('load');
    expect(page.url()).toMatch(/^app:\/\/quarterdeck\//);
    const globals = await page.evaluate(() => ({
      require: typeof Reflect.get(globalThis, 'require'),
      process: typeof Reflect.get(globalThis, 'process'),
      bridge: Object.keys(Reflect.get(globalThis, 'quarterdeck') as object),
    }));
    expect(globals).toEqual({ require: 'undefined', process: 'undefined', bridge: ['port'] });
    // First run: the three doors, which come from the core's snapshot.
    await page.getByText('demo fleet', { exact: false }).first().waitFor();

    const reached = await page.evaluate(() =>
      fetch('https://example.org/').then(
        () => 'reached',
        () => 'refused',
      ),
    );
    expect(reached).toBe('refused');
    await page.evaluate(() => window.open('https://example.org/'));
    expect(app.windows()).toHaveLength(1);
  } finally {
    await app.close();
  }
});
