// Installs the dependencies when they are missing or not the ones package-lock.json names.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findNode, root } from './places.mjs';
import { run } from './run.mjs';

function readPackages(...path) {
  try {
    return JSON.parse(readFileSync(join(root, ...path), 'utf8')).packages ?? {};
  } catch {
    return null;
  }
}

/** Why `npm ci` is needed, or null when what npm noted down in node_modules is what the lock file asks for. */
export function setupReason(wanted, installed) {
  if (!installed) return 'nothing is installed yet';
  for (const [path, { version, optional, devOptional, link }] of Object.entries(wanted)) {
    if (path === '' || link) continue;
    const have = installed[path]?.version;
    if (have === undefined && (optional || devOptional)) continue;
    if (have !== version) return `${path.replace(/^node_modules\//, '')} ${version} is not there`;
  }
  return null;
}

/** Makes sure that the dependencies are installed; resolves to the Node that runs everything. */
export async function setup() {
  const reason = setupReason(
    readPackages('package-lock.json') ?? {},
    readPackages('node_modules', '.package-lock.json'),
  );
  if (reason) {
    console.log(`Installing dependencies (${reason}) …`);
    const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
    const npm = process.env.npm_execpath;
    // Under `npm start`, npm says where it is; otherwise it is on the PATH (a .cmd file on Windows, which needs a shell).
    const { code } = npm?.endsWith('.js')
      ? await run(process.execPath, [npm, ...args], { cwd: root })
      : await run('npm', args, { cwd: root, shell: process.platform === 'win32' });
    if (code !== 0)
      throw new Error(`npm ${args.join(' ')} ended with code ${code}. Is a package registry within reach?`);
  }
  return findNode();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await setup();
