// Finds Electron's binary, which its npm package does not contain, or fetches it within a bounded time.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commands, root } from './places.mjs';
import { run } from './run.mjs';

const fetchWithinMs = 60_000;
const retryAfterMs = 24 * 60 * 60 * 1000;
const missedFile = join(root, 'dist', 'electron-missed');

/** The path of a binary that is here already, or null; ELECTRON_OVERRIDE_DIST_PATH names another folder for it. */
export function electronBinary() {
  const folder = join(root, 'node_modules', 'electron');
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const name = readText(join(folder, 'path.txt')) ?? (process.platform === 'win32' ? 'electron.exe' : 'electron');
  const file = join(override ?? join(folder, 'dist'), name);
  return existsSync(file) ? file : null;
}

/** Tries to fetch it, at most once a day when that fails, and never for longer than a minute. */
export async function fetchElectron(node) {
  const missed = Number(await readFile(missedFile, 'utf8').catch(() => '0'));
  if (Date.now() - missed < retryAfterMs) return null;
  console.log('Fetching Electron (for a minute at most; the console also opens without it) …');
  await run(node, [commands.electronInstall], { cwd: root, quiet: true, timeoutMs: fetchWithinMs }).catch(() => null);
  const binary = electronBinary();
  if (!binary) {
    await mkdir(dirname(missedFile), { recursive: true });
    await writeFile(missedFile, String(Date.now()));
  }
  return binary;
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
