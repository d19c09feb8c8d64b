import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the project. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The script of a command that a dependency installed, to be run by Node. */
export const commands = {
  vitest: join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  knip: join(root, 'node_modules', 'knip', 'bin', 'knip.js'),
  tsc: join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
  oxlint: join(root, 'node_modules', 'oxlint', 'bin', 'oxlint'),
  biome: join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'),
  electronBuilder: join(root, 'node_modules', 'electron-builder', 'cli.js'),
  electronInstall: join(root, 'node_modules', 'electron', 'install.js'),
};

/** True when a Node of this version runs the project: it strips types by itself. */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/** The Node to run everything with: the pinned one from node_modules, else this one; throws when neither will do. */
export function findNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', file);
  if (existsSync(pinned)) {
    // A binary for another C library is there and does not run.
    const { stdout, status } = spawnSync(pinned, ['--version'], { encoding: 'utf8' });
    if (status === 0 && isNewEnough(stdout.trim())) return pinned;
  }
  if (isNewEnough(process.version)) return process.execPath;
  throw new Error(
    `Quarterdeck needs Node 24 (22.18 at least); this is ${process.version} and none could be installed here.`,
  );
}

/** The environment for child processes: the chosen Node comes first on the PATH. */
export function environment(node = findNode(), more = {}) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = process.env.PATH ?? process.env.Path ?? '';
  return { ...process.env, PATH: `${dirname(node)}${separator}${path}`, ...more };
}
