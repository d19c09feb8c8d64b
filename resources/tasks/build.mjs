// Builds dist/: window (vite), shell and serve (esbuild, our own code only; dependencies stay in node_modules).
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './places.mjs';

const dist = join(root, 'dist');
const stampFile = join(dist, 'built-from');
const sources = ['electron', 'renderer', 'shared', 'package.json', 'package-lock.json', 'resources/tasks/build.mjs'];
const outputs = ['window', 'shell', 'serve'];

/** One hash over every source file that ends up in dist, tests left out. */
async function hashSources() {
  const hash = createHash('sha256');
  for (const source of sources) {
    const isFolder = !source.includes('.');
    const names = isFolder ? await readdir(join(root, source), { recursive: true }) : [''];
    for (const name of names.toSorted()) {
      if (/\.test\.tsx?$/.test(name) || (isFolder && !/\.[a-z0-9]+$/i.test(name))) continue;
      const bytes = await readFile(join(root, source, name)).catch(() => null);
      if (bytes) hash.update(`${source}/${name}\0${bytes.length}\0`).update(bytes);
    }
  }
  return hash.digest('hex');
}

async function buildPrograms(into) {
  const { build } = await import('esbuild');
  const shared = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node22',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
    external: existsSync(join(root, 'electron', 'demo', 'index.ts')) ? [] : ['#demo/*'],
  };
  const program = (name, more = {}) =>
    build({
      ...shared,
      entryPoints: { main: `electron/${name}/main.ts`, 'hosts-worker': 'electron/core/hosts/worker.ts', ...more },
      outdir: join(into, name),
      format: 'esm',
      // The demo fleet is a chunk that is loaded only when asked for.
      splitting: true,
      outExtension: { '.js': '.mjs' },
    });
  // `npm start` asks it where the window's profile belongs.
  await program('serve', { folders: 'electron/launch/folders.ts' });
  await program('shell');
  // A sandboxed preload script has no module loader: one CommonJS file.
  await build({
    ...shared,
    entryPoints: ['electron/shell/preload.ts'],
    outfile: join(into, 'shell', 'preload.cjs'),
    format: 'cjs',
    packages: 'bundle',
    external: ['electron'],
  });
}

async function buildWindow(into) {
  const { build } = await import('vite');
  await build({
    configFile: join(root, 'renderer', 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: join(into, 'window'), emptyOutDir: true },
  });
}

/** Builds what is out of date; resolves to true when something was built. `force` builds in any case. */
export async function build({ force = false } = {}) {
  const hash = await hashSources();
  const before = await readFile(stampFile, 'utf8').catch(() => '');
  if (!force && before === hash && outputs.every((name) => existsSync(join(dist, name)))) return false;
  // Built aside and moved into place, so that a console that starts meanwhile finds the old or the new one.
  const aside = join(dist, `next-${process.pid}`);
  await mkdir(aside, { recursive: true });
  try {
    const results = await Promise.allSettled([buildPrograms(aside), buildWindow(aside)]);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    for (const name of outputs) {
      await rm(join(dist, name), { recursive: true, force: true });
      await rename(join(aside, name), join(dist, name));
    }
    await writeFile(stampFile, hash);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const started = Date.now();
  try {
    const built = await build({ force: process.argv.includes('--force') });
    console.log(built ? `Built in ${((Date.now() - started) / 1000).toFixed(1)} s.` : 'Everything is up to date.');
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
