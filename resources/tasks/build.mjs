// Builds dist/: window (vite), shell and serve (esbuild, our own code only; dependencies stay in node_modules).
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './places.mjs';

const dist = join(root, 'dist');
const common = ['shared', 'package.json', 'package-lock.json', 'resources/tasks/build.mjs'];
const parts = [
  { name: 'programs', sources: ['electron', ...common], outputs: ['serve', 'shell'], make: buildPrograms },
  { name: 'window', sources: ['renderer', ...common], outputs: ['window'], make: buildWindow },
];

/** One hash over every source file of a part, tests left out. */
async function hashSources(sources) {
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
  };
  const program = (name, more = {}) =>
    build({
      ...shared,
      entryPoints: {
        main: `electron/${name}/main.ts`,
        // Threads: each is looked for beside the bundle that starts it.
        'hosts-worker': 'electron/core/hosts/worker.ts',
        'demo-worker': 'electron/demo/worker.ts',
        ...more,
      },
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
    // Files of a local window are not waited for on a network.
    build: { outDir: join(into, 'window'), emptyOutDir: true, chunkSizeWarningLimit: 2000 },
  });
}

async function buildPart({ name, sources, outputs, make }, force) {
  const stampFile = join(dist, `${name}.built-from`);
  const hash = await hashSources(sources);
  const before = await readFile(stampFile, 'utf8').catch(() => '');
  if (!force && before === hash && outputs.every((output) => existsSync(join(dist, output)))) return false;
  // Built aside and moved into place, so that a console that starts meanwhile finds the old or the new one.
  const aside = join(dist, `next-${name}-${process.pid}`);
  await mkdir(aside, { recursive: true });
  try {
    await make(aside);
    for (const output of outputs) {
      await rm(join(dist, output), { recursive: true, force: true });
      await rename(join(aside, output), join(dist, output));
    }
    await writeFile(stampFile, hash);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return true;
}

/** Builds what is out of date; resolves to true when something was built. `force` builds in any case. */
export async function build({ force = false } = {}) {
  const results = await Promise.allSettled(parts.map((part) => buildPart(part, force)));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return results.some((result) => result.value);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const started = Date.now();
  try {
    const built = await build({ force: process.argv.includes('--force') });
    if (built) console.log(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
    else if (!process.argv.includes('--quiet')) console.log('Everything is up to date.');
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
